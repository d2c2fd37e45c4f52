"""The requests of agents against a cloud that runs."""

import http.client
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec
import pytest

from hikae.cloud.connections.models import Connection, Fetch
from hikae.cloud.connections.problem_record import read_problem
from hikae.cloud.devices.commands import refresh
from hikae.cloud.people.organisations import create_owner
from hikae.cloud.people.tenancy import tenant
from hikae.link.messages import (
    Commands,
    ConnectionReport,
    Connections,
    DeviceState,
    FetchReport,
    Refresh,
    encode,
)
from hikae.link.sealing import LoginContext, unseal_login
from hikae.model.clock import system_clock
from hikae.model.fetch import FetchState, Trigger
from hikae.model.problems import Problem, ProblemCode
from hikae.model.secret import Secret
from tests.cloud_agent import BASE, RefusedError, TestAgent
from tests.fixtures_cloud import Server
from tests.system.cloud.conftest import Office


def code(refused: pytest.ExceptionInfo[RefusedError]) -> ProblemCode:
    return refused.value.refused.problem.code


def test_a_pc_enrols_waits_and_serves_once_it_is_confirmed(cloud: Server, office: Office) -> None:
    connection = office.register()
    agent = TestAgent(cloud.origin)
    state = agent.enrol(office.key())
    assert (state.state, state.organisation, state.person) == (
        "pending",
        "みなと商店",
        office.owner.email,
    )
    with pytest.raises(RefusedError) as refused:
        agent.send("GET", "/connections")
    assert refused.value.refused.problem.details == {"part": "pending"}
    office.confirm(agent)
    assert agent.ask(DeviceState, "GET", "/device").state == "confirmed"
    (view,) = agent.ask(Connections, "GET", "/connections").connections
    context = LoginContext(office.organisation, connection.id, "9901", str(agent.device), 1)
    assert view.login is not None
    login = unseal_login(view.login, agent.sealing, context)
    assert login == {"login_id": Secret("kitamachi-01")}


def test_a_key_of_no_cloud_is_refused_as_wrong(cloud: Server, office: Office) -> None:
    with pytest.raises(RefusedError) as refused:
        TestAgent(cloud.origin).enrol("hk1.aaaa.bbbb")
    assert code(refused) is ProblemCode.AUTH_KEY_WRONG
    assert refused.value.status == 403


def test_a_used_key_is_refused_as_used(cloud: Server, office: Office) -> None:
    key = office.key()
    TestAgent(cloud.origin).enrol(key)
    with pytest.raises(RefusedError) as refused:
        TestAgent(cloud.origin).enrol(key)
    assert code(refused) is ProblemCode.AUTH_KEY_USED


def test_a_second_pc_is_told_which_is_the_first(
    cloud: Server, office: Office, agent: TestAgent
) -> None:
    with pytest.raises(RefusedError) as refused:
        TestAgent(cloud.origin).enrol(office.key())
    assert code(refused) is ProblemCode.DEVICE_EXISTS
    assert refused.value.refused.problem.details == {"device": "KEIRI-01"}


def test_a_clock_that_is_off_is_told_the_right_time(agent: TestAgent) -> None:
    agent.ahead = timedelta(hours=3)
    with pytest.raises(RefusedError) as refused:
        agent.send("GET", "/device")
    assert code(refused) is ProblemCode.CLOCK_WRONG
    agent.ahead += refused.value.refused.now - (datetime.now(UTC) + agent.ahead)
    assert agent.ask(DeviceState, "GET", "/device").state == "confirmed"


def test_a_request_that_was_changed_on_its_way_is_refused(agent: TestAgent) -> None:
    signed = agent.headers("PUT", f"{BASE}/connections/{uuid4()}", b"{}")
    with pytest.raises(RefusedError) as refused:
        agent.send_with(signed, "PUT", f"/connections/{uuid4()}", b"{}")
    assert (code(refused), refused.value.status) == (ProblemCode.CLOUD_REJECTED, 401)
    signed = agent.headers("GET", f"{BASE}/device")
    with pytest.raises(RefusedError) as refused:
        agent.send_with(signed, "GET", "/device", b"more")
    assert refused.value.refused.problem.details == {"part": "body"}


def test_an_unsigned_request_is_refused(agent: TestAgent) -> None:
    with pytest.raises(RefusedError) as refused:
        agent.send_with({}, "GET", "/connections")
    assert (code(refused), refused.value.status) == (ProblemCode.CLOUD_REJECTED, 401)


def test_a_stranger_with_keys_of_its_own_is_refused(cloud: Server, agent: TestAgent) -> None:
    stranger = TestAgent(cloud.origin, device=agent.device)
    with pytest.raises(RefusedError) as refused:
        stranger.send("GET", "/connections")
    assert refused.value.refused.problem.details == {"part": "signature"}


def test_a_body_that_is_no_message_is_refused(agent: TestAgent, connection: Connection) -> None:
    path = f"/connections/{connection.id}"
    for body in (b"", b"[]", b'{"enabled":"perhaps"}', b"\xff", b"[" * 100_000):
        with pytest.raises(RefusedError) as refused:
            agent.send("PUT", path, body)
        assert refused.value.status == 400


def test_a_query_figure_or_text_that_makes_no_sense_is_refused(
    agent: TestAgent, connection: Connection
) -> None:
    with pytest.raises(RefusedError) as refused:
        agent.send("GET", "/commands?after=ten")
    assert refused.value.status == 400
    report = FetchReport(connection.id, Trigger.DESKTOP, FetchState.RUNNING, datetime.now(UTC))
    for body in (
        encode(msgspec.structs.replace(report, rows=-1)),
        encode(msgspec.structs.replace(report, step="a\0b")),
    ):
        with pytest.raises(RefusedError) as refused:
            agent.send("PUT", f"/fetches/{uuid4()}", body)
        assert refused.value.status == 400


def test_a_body_that_is_too_large_is_not_taken(agent: TestAgent, connection: Connection) -> None:
    with pytest.raises(RefusedError) as refused:
        agent.send("PUT", f"/connections/{connection.id}", b" " * 2_200_000)
    assert refused.value.refused.problem.details == {"part": "size"}
    assert refused.value.status == 413


@pytest.mark.parametrize(
    "told",
    [
        '"next_fetch_at":"2026-11-23T09:00:00"',
        '"problem":{"code":"maintenance","retry_at":"2026-11-23T09:00:00"}',
    ],
)
def test_a_time_without_a_zone_is_refused(
    agent: TestAgent, connection: Connection, told: str
) -> None:
    body = f'{{"enabled":true,"certificate":null,{told}}}'.encode()
    with pytest.raises(RefusedError) as refused:
        agent.send("PUT", f"/connections/{connection.id}", body)
    assert refused.value.refused.problem.details == {"part": "json"}


def test_a_pc_reports_what_was_decided_on_it(
    agent: TestAgent, office: Office, connection: Connection
) -> None:
    report = encode(ConnectionReport(enabled=True, certificate=None))
    agent.send("PUT", f"/connections/{connection.id}", report)
    with tenant(office.organisation):
        assert Connection.objects.get().enabled
    with pytest.raises(RefusedError) as refused:
        agent.send("PUT", f"/connections/{uuid4()}", report)
    assert refused.value.status == 404


def test_of_a_text_that_people_are_shown_only_what_is_seen_is_kept(
    agent: TestAgent, office: Office, connection: Connection
) -> None:
    said = "ログイン\u202eexe\u200b\x1b[2J\nを"
    now = datetime.now(UTC)
    problem = Problem(ProblemCode.MAINTENANCE, {"found": said}, bank_words=said)
    report = FetchReport(
        connection.id, Trigger.DESKTOP, FetchState.FAILED, now, step=said, problem=problem
    )
    agent.send("PUT", f"/fetches/{uuid4()}", encode(report))
    with tenant(office.organisation):
        kept = Fetch.objects.get()
    seen = "ログインexe[2J を"
    assert kept.step == seen
    assert read_problem(kept.problem) == Problem(ProblemCode.MAINTENANCE, {"found": seen}, seen)


def test_a_report_of_a_fetch_may_be_repeated(
    agent: TestAgent, office: Office, connection: Connection
) -> None:
    now = datetime.now(UTC)
    report = FetchReport(connection.id, Trigger.DESKTOP, FetchState.RUNNING, now, step="ログイン")
    name = uuid4()
    for _ in range(2):
        agent.send("PUT", f"/fetches/{name}", encode(report))
    with tenant(office.organisation):
        assert Fetch.objects.get().step == "ログイン"


def test_commands_are_told_until_they_are_kept(agent: TestAgent, connection: Connection) -> None:
    told = agent.ask(Commands, "GET", "/commands?after=0").commands
    assert told == (Refresh(seq=1), Refresh(seq=2))
    assert agent.ask(Commands, "GET", "/commands?after=1").commands == told[1:]
    assert agent.ask(Commands, "GET", "/commands?after=2").commands == ()


def test_the_numbers_of_commands_go_on_from_what_a_pc_has_done_whatever_backup_this_is(
    office: Office, agent: TestAgent, connection: Connection
) -> None:
    assert agent.ask(Commands, "GET", "/commands?after=50").commands == ()
    with tenant(office.organisation):
        refresh(agent.device, system_clock())
    told = agent.ask(Commands, "GET", "/commands?after=50").commands
    assert told[0].seq == 51


def test_a_pc_that_released_itself_is_told_so_ever_after(agent: TestAgent) -> None:
    agent.leave()
    assert agent.ask(DeviceState, "GET", "/device").state == "released"
    agent.leave()
    with pytest.raises(RefusedError) as refused:
        agent.send("GET", "/connections")
    assert code(refused) is ProblemCode.DEVICE_RELEASED


def test_a_pc_sees_nothing_of_another_organisation(
    cloud: Server, agent: TestAgent, connection: Connection
) -> None:
    other = create_owner(f"other-{uuid4()}@example.jp", "となり商店")
    office = Office(other.user, other.organisation_id)
    stranger = TestAgent(cloud.origin)
    stranger.enrol(office.key())
    office.confirm(stranger)
    assert stranger.ask(Connections, "GET", "/connections").connections == ()
    report = encode(ConnectionReport(enabled=True, certificate=None))
    with pytest.raises(RefusedError) as refused:
        stranger.send("PUT", f"/connections/{connection.id}", report)
    assert refused.value.status == 404


def test_the_cloud_says_that_it_lives_and_is_ready(cloud: Server) -> None:
    where = urlsplit(cloud.origin)
    asking = http.client.HTTPConnection(str(where.hostname), where.port, timeout=30)
    for path in ("/healthz", "/readyz"):
        asking.request("GET", path)
        answer = asking.getresponse()
        answer.read()
        assert answer.status == 200
    asking.close()


def test_what_is_not_there_is_not_found(agent: TestAgent) -> None:
    with pytest.raises((RefusedError, msgspec.DecodeError)):
        agent.send("GET", "/nothing")
