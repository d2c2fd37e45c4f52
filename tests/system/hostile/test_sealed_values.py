"""A sealed value opens only for what it was sealed for; old ones are not taken again."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from hikae.agent.engine import ChallengeAsked
from hikae.link.messages import ConnectionView, SealedAnswer
from hikae.model.fetch import FetchState
from hikae.model.problems import ProblemCode
from hikae.model.secret import Secret
from tests.system.agent.books import passwords_sent
from tests.system.hostile.pc import Pc

pytestmark = pytest.mark.asyncio(loop_scope="module")


def swapped(pc: Pc, known: ConnectionView) -> dict[str, str]:
    """The right login of the right customer, sealed for something else."""
    login, cloud = pc.login(pc.customers[known.id]), pc.cloud
    return {
        "another connection": cloud.sealed_login(uuid4(), known.institution, login),
        "another institution": cloud.sealed_login(known.id, "9902", login),
        "another organisation": cloud.sealed_login(
            known.id, known.institution, login, organisation=uuid4()
        ),
        "another PC": cloud.sealed_login(known.id, known.institution, login, device=uuid4()),
        "another version": cloud.sealed_login(known.id, known.institution, login, version=7),
        "nothing": "AAAA",
    }


async def test_a_login_sealed_for_anything_else_never_reaches_a_bank(
    pc: Pc, connection: UUID
) -> None:
    (known,) = pc.cloud.said.connections
    before = passwords_sent(pc.bank, pc.customers[connection])
    for sealed in swapped(pc, known).values():
        pc.cloud.said.connections = [replace(known, login=sealed)]
        await pc.engine.connections()
        fetch = await pc.fetch(connection)
        assert fetch.problem is not None
        assert fetch.problem.code is ProblemCode.CLOUD_REJECTED
        assert fetch.problem.details["part"] == "sealed"
    assert passwords_sent(pc.bank, pc.customers[connection]) == before
    pc.cloud.said.connections = [known]
    await pc.is_as_before(connection)


async def test_an_older_login_does_not_take_the_place_of_a_newer_one(
    pc: Pc, connection: UUID
) -> None:
    (known,) = pc.cloud.said.connections
    customer = pc.customers[connection]
    old = pc.cloud.sealed_login(connection, known.institution, {"password": Secret("mae-no")})
    pc.cloud.said.connections = [pc.with_login(known, customer, version=2)]
    await pc.engine.connections()
    pc.cloud.said.connections = [replace(known, login=old, login_version=1)]
    await pc.is_as_before(connection)
    pc.cloud.said.connections = [pc.with_login(known, customer, version=2)]
    await pc.is_as_before(connection)


@dataclass
class Answering:
    """A cloud that answers a challenge, at first with whatever does not belong there."""

    pc: Pc
    password: str
    asked: list[ChallengeAsked] = field(default_factory=list)
    right: SealedAnswer | None = None

    def __call__(self, asked: ChallengeAsked) -> None:
        self.asked.append(asked)
        other = uuid4()
        for connection, fetch, challenge in (
            (asked.connection, asked.fetch, other),
            (asked.connection, other, asked.id),
            (other, asked.fetch, asked.id),
        ):
            sealed = self.pc.cloud.sealed_answer("000000", connection, fetch, challenge)
            self.say(sealed, asked)
        text = self.password
        sealed = self.pc.cloud.sealed_answer(text, asked.connection, asked.fetch, asked.id)
        self.right = self.say(sealed, asked)

    def say(self, sealed: str, asked: ChallengeAsked) -> SealedAnswer:
        answer = SealedAnswer(
            seq=self.pc.cloud.next_number(),
            challenge=asked.id,
            fetch=asked.fetch,
            connection=asked.connection,
            sealed=sealed,
        )
        self.pc.cloud.ask(answer)
        return answer


async def test_only_the_answer_to_this_very_question_is_given_to_the_bank(pc: Pc) -> None:
    customer = pc.bank.customer("9901", "otp")
    honest = list(pc.cloud.said.connections)
    connection = await pc.serve(customer)
    await pc.is_linked()
    refused = await pc.refused()
    answering = Answering(pc, pc.bank.one_time_password(customer))
    fetch = await pc.fetch(connection, answering)
    assert (fetch.state, fetch.problem) == (FetchState.DONE, None)
    assert await pc.refused() == refused + 3
    assert answering.right is not None
    assert len(answering.asked) == 1
    replay(pc, answering.right)
    await pc.is_linked()
    again = Answering(pc, pc.bank.one_time_password(customer))
    old = answering.right.sealed

    def old_answer_first(asked: ChallengeAsked) -> None:
        again.say(old, asked)
        again(asked)

    fetch = await pc.fetch(connection, old_answer_first)
    assert (fetch.state, fetch.problem) == (FetchState.DONE, None)
    assert await pc.refused() == refused + 7
    pc.cloud.said.connections = honest


def replay(pc: Pc, answer: SealedAnswer) -> None:
    """Bring a taken answer once more under a new number."""
    pc.cloud.ask(replace(answer, seq=pc.cloud.next_number()))
