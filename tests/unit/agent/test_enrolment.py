"""How a PC becomes a device, with keys that are refused, lost on the way, or taken."""

from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from hikae.agent import enrolment
from hikae.agent.cloud import Cloud, CloudError
from hikae.agent.engine import EngineError
from hikae.agent.keys import DeviceKeys
from hikae.agent.memory import Memory
from hikae.agent.safe import FileSafe
from hikae.link.authkey import AuthKey
from hikae.link.messages import DeviceState, Enrol
from hikae.model.problems import ProblemCode
from tests.unit.agent.servers import Answering, cloud_at, refusal

KEY = AuthKey("https://cloud.example", b"k" * 20)
ORGANISATION = UUID(int=3)


class Pc:
    """A PC in front of a cloud that answers as the test says."""

    def __init__(self, memory: Memory, folder: Path, *answers: tuple[int, bytes] | str) -> None:
        self.memory = memory
        self.safe = FileSafe(folder / "keyring.json", "default")
        self.answers = list(answers)
        self.servers: list[Answering] = []
        self.devices = iter(UUID(int=n) for n in range(100, 200))

    async def enrol(self, key: AuthKey = KEY) -> DeviceState:
        return await enrolment.enrol(
            key,
            memory=self.memory,
            safe=self.safe,
            open_cloud=self._cloud,
            new_id=lambda: next(self.devices),
        )

    def _cloud(self, _origin: str, device: UUID, own: DeviceKeys) -> Cloud:
        answer = self.answers.pop(0)
        if isinstance(answer, str):
            print_here = own.fingerprint if answer == "same" else answer
            state = DeviceState(device, "pending", "株式会社", ORGANISATION, "人", print_here)
            answer = (200, msgspec.json.encode(state))
        self.servers.append(Answering(answer))
        return cloud_at(self.servers[-1])

    @property
    def secrets(self) -> int:
        path = self.safe._path  # noqa: SLF001 - to see that nothing is left
        return len(msgspec.json.decode(path.read_bytes(), type=dict[str, str]))


async def test_the_pc_shows_its_public_keys_and_keeps_the_private_ones(
    memory: Memory, tmp_path: Path
) -> None:
    pc = Pc(memory, tmp_path, "same")
    state = await pc.enrol()
    device = memory.device()
    assert device is not None
    assert (device.id, device.state, device.confirmed) == (state.device, state, False)
    (sent,) = pc.servers[0].bodies(Enrol)
    assert sent.key == KEY.text()
    assert sent.device == device.id
    assert pc.secrets == 1


@pytest.mark.parametrize(
    "answer",
    [
        (403, refusal(ProblemCode.AUTH_KEY_EXPIRED)),
        (409, refusal(ProblemCode.DEVICE_EXISTS)),
    ],
)
async def test_a_refused_key_leaves_nothing_behind(
    memory: Memory, tmp_path: Path, answer: tuple[int, bytes]
) -> None:
    pc = Pc(memory, tmp_path, answer)
    with pytest.raises(CloudError):
        await pc.enrol()
    assert memory.device() is None
    assert pc.secrets == 0


async def test_after_a_lost_answer_the_same_device_asks_again(
    memory: Memory, tmp_path: Path
) -> None:
    pc = Pc(memory, tmp_path, (502, b""), "same")
    with pytest.raises(CloudError):
        await pc.enrol()
    await pc.enrol()
    first, second = (server.bodies(Enrol)[0] for server in pc.servers)
    assert first == second


async def test_a_key_of_another_cloud_makes_another_device_and_forgets_the_old_keys(
    memory: Memory, tmp_path: Path
) -> None:
    pc = Pc(memory, tmp_path, (502, b""), "same")
    with pytest.raises(CloudError):
        await pc.enrol()
    state = await pc.enrol(AuthKey("https://other.example", b"k" * 20))
    assert state.device == UUID(int=101)
    assert pc.secrets == 1


async def test_a_cloud_that_shows_another_fingerprint_is_not_believed(
    memory: Memory, tmp_path: Path
) -> None:
    with pytest.raises(EngineError) as refused:
        await Pc(memory, tmp_path, "AAAA-BBBB-CCCC-DDDD").enrol()
    assert refused.value.problem.details == {"part": "fingerprint"}
    assert memory.device() is None
