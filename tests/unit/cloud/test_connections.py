"""Registering, sealed logins, fetches and challenges."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from django.apps import apps
from django.utils import translation

from hikae.catalogue.catalogue import Catalogue
from hikae.catalogue.institution import Institution, LoginField
from hikae.cloud.connections import challenges, fetching, logins
from hikae.cloud.connections.choosing import choices
from hikae.cloud.connections.models import Challenge, Connection, Fetch, SealedLogin
from hikae.cloud.connections.problem_record import read_problem
from hikae.cloud.connections.registering import (
    Details,
    Registration,
    RegistrationError,
    change_details,
    change_login,
    delete_connection,
    register_connection,
    resume_connection,
    stop_connection,
)
from hikae.cloud.connections.server_keys import ServerKeys
from hikae.cloud.connections.serving import report_connection, served_by
from hikae.cloud.devices import commands
from hikae.cloud.devices.auth_keys import issue_auth_key
from hikae.cloud.devices.enrolment import confirm_device, enrol
from hikae.cloud.devices.models import Device
from hikae.cloud.institutions.offer import Offer
from hikae.cloud.people.models import Membership, Role, User
from hikae.link.messages import (
    CancelFetch,
    CertificateShown,
    ChallengeReport,
    ConnectionReport,
    FetchReport,
    Refresh,
    RunFetch,
    SealedAnswer,
)
from hikae.link.sealing import AnswerContext, LoginContext, unseal, unseal_login
from hikae.model.fetch import Counts, FetchState, Trigger
from hikae.model.problems import Problem, ProblemCode
from hikae.model.secret import Secret
from tests.unit.cloud.conftest import NOW, Computer, new_computer

BANK = Institution(
    code="9901",
    name="北町銀行",
    kana="キタマチギンコウ",
    family="bizsol",
    sign_in="https://localhost:1/",
    hosts=("localhost:1",),
    login=(LoginField("login_id", "ログインID"), LoginField("password", "パスワード")),
)
LOGIN = {"login_id": Secret("kitamachi-01"), "password": Secret("himitsu-no-kotoba")}
WISH = Registration(BANK.code, LOGIN, user_id="user-01", start_on=date(2026, 4, 1))


@pytest.fixture(autouse=True)
def bank(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue of one bank."""
    config = apps.get_app_config("institutions")
    monkeypatch.setattr(config, "offer", Offer(Catalogue((BANK,))))


@dataclass(frozen=True, slots=True)
class Served:
    """A connection, the PC that serves it, and that PC's keys."""

    connection: Connection
    device: Device
    computer: Computer


@pytest.fixture
def served(owner: User, device: Device, computer: Computer) -> Served:
    """A connection that the owner's PC serves; the PC has kept all commands."""
    connection = register_connection(WISH, owner, NOW)
    commands.acknowledge(device.id, 100)
    return Served(connection, device, computer)


def opened(served: Served, version: int = 1) -> dict[str, Secret]:
    view = served_by(served.device).connections[0]
    assert view.login is not None
    context = LoginContext(
        served.connection.organisation_id,
        served.connection.id,
        BANK.code,
        str(served.device.id),
        version,
    )
    return unseal_login(view.login, served.computer.sealing, context)


def test_a_login_is_sealed_to_the_pc_that_serves_the_connection(served: Served) -> None:
    assert opened(served) == LOGIN


def test_no_table_holds_a_login_that_can_be_read(served: Served) -> None:
    kept = str(list(SealedLogin.objects.values())) + str(list(Connection.objects.values()))
    assert "himitsu-no-kotoba" not in kept
    assert "kitamachi-01" not in kept


def test_a_login_typed_before_the_pc_is_sealed_anew_once_it_is_confirmed(
    owner: User, computer: Computer
) -> None:
    connection = register_connection(WISH, owner, NOW)
    held = SealedLogin.objects.get()
    assert held.holder == "server:2026-11-23"
    device = enrol(computer.wish(issue_auth_key(owner, NOW).text()), NOW)
    assert SealedLogin.objects.get().sealed == held.sealed
    confirm_device(device.id, owner, NOW + timedelta(minutes=1))
    assert opened(Served(connection, device, computer)) == LOGIN
    assert SealedLogin.objects.get().expires_at is None


def test_a_login_that_waits_longer_than_its_key_is_forgotten(
    owner: User, computer: Computer
) -> None:
    register_connection(WISH, owner, NOW)
    later = NOW + timedelta(days=7)
    keys = ServerKeys.of_settings()
    keys.forget(later)
    assert logins.forget_expired(later) == 1
    assert list(keys.folder.iterdir()) == []
    device = enrol(computer.wish(issue_auth_key(owner, later).text()), later)
    confirm_device(device.id, owner, later)
    view = served_by(device).connections[0]
    assert view.login is None
    assert view.institution == BANK.code


def test_a_key_of_the_server_is_readable_by_its_own_user_only(tmp_path: Path) -> None:
    keys = ServerKeys(tmp_path / "keys")
    first = keys.of_today(NOW)
    assert keys.of_today(NOW).public == first.public
    assert [file.stat().st_mode & 0o777 for file in keys.folder.iterdir()] == [0o600]
    assert keys.find(first.holder, NOW + timedelta(days=8)) is None


def test_a_registration_needs_every_login_field(owner: User) -> None:
    with pytest.raises(RegistrationError) as refused:
        register_connection(Registration(BANK.code, {"login_id": Secret("a")}), owner, NOW)
    assert refused.value.fields == ("password",)
    assert not Connection.objects.exists()


def test_an_institution_outside_of_the_catalogue_cannot_be_registered(owner: User) -> None:
    with pytest.raises(RegistrationError):
        register_connection(Registration("0000", LOGIN), owner, NOW)


def test_changed_login_information_is_a_new_version_and_is_told(
    owner: User, served: Served
) -> None:
    new = {"login_id": Secret("kitamachi-01"), "password": Secret("atarashii-kotoba")}
    change_login(served.connection.id, new, owner, NOW)
    assert served_by(served.device).connections[0].login_version == 2
    assert opened(served, version=2) == new
    assert commands.after(served.device.id, 0) == (Refresh(seq=3),)


def test_stopping_and_resuming_is_told_to_the_pc(owner: User, served: Served) -> None:
    stop_connection(served.connection.id, owner, NOW)
    assert served_by(served.device).connections[0].stopped
    resume_connection(served.connection.id, owner, NOW)
    assert not served_by(served.device).connections[0].stopped
    assert commands.after(served.device.id, 0) == (Refresh(seq=3), Refresh(seq=4))


def test_a_deleted_connection_is_served_no_more(owner: User, served: Served) -> None:
    delete_connection(served.connection.id, owner, NOW)
    assert served_by(served.device).connections == ()
    assert not SealedLogin.objects.exists()


def test_what_the_pc_decided_is_kept(served: Served) -> None:
    shown = CertificateShown("0" * 40, "user-01", "CN=Test CA", NOW + timedelta(days=300))
    problem = Problem(ProblemCode.CERTIFICATE_EXPIRED)
    report_connection(
        served.device,
        served.connection.id,
        ConnectionReport(enabled=True, certificate=shown, next_fetch_at=NOW, problem=problem),
        NOW,
    )
    kept = Connection.objects.get()
    assert kept.enabled
    assert kept.certificate == msgspec.to_builtins(shown)
    assert read_problem(kept.problem) == problem


def test_a_pc_cannot_report_of_a_connection_that_another_serves(served: Served) -> None:
    Connection.objects.update(device=None)
    with pytest.raises(Connection.DoesNotExist):
        report_connection(served.device, served.connection.id, ConnectionReport(True, None), NOW)


def report(served: Served, state: FetchState, **more: object) -> FetchReport:
    facts = {"connection": served.connection.id, "trigger": Trigger.CLOUD, "state": state}
    return FetchReport(**{**facts, "queued_at": NOW, **more})  # type: ignore[arg-type]  # plain test data


def test_a_fetch_is_asked_of_the_pc_under_an_id_of_the_cloud(owner: User, served: Served) -> None:
    fetch = fetching.request_fetch(served.connection.id, owner, NOW)
    run = RunFetch(seq=3, fetch=fetch.id, connection=served.connection.id)
    assert commands.after(served.device.id, 0) == (run,)
    assert fetch.state == FetchState.QUEUED


def test_asking_again_while_a_fetch_runs_asks_nothing_new(owner: User, served: Served) -> None:
    first = fetching.request_fetch(served.connection.id, owner, NOW)
    again = fetching.request_fetch(served.connection.id, owner, NOW + timedelta(minutes=1))
    assert first == again
    assert len(commands.after(served.device.id, 0)) == 1


def test_a_stopped_connection_is_not_fetched(owner: User, served: Served) -> None:
    stop_connection(served.connection.id, owner, NOW)
    with pytest.raises(fetching.FetchRefusedError) as refused:
        fetching.request_fetch(served.connection.id, owner, NOW)
    assert refused.value.problem.code is ProblemCode.CONNECTION_STOPPED


def test_a_final_state_of_a_fetch_stays(owner: User, served: Served) -> None:
    fetch = fetching.request_fetch(served.connection.id, owner, NOW)
    done = report(served, FetchState.DONE, ended_at=NOW, counts=Counts(added=12))
    for each in (report(served, FetchState.RUNNING, step="明細を取得しています"), done):
        fetching.report_fetch(served.device, fetch.id, each)
    fetching.report_fetch(served.device, fetch.id, report(served, FetchState.RUNNING))
    fetch.refresh_from_db()
    assert (fetch.state, fetch.added) == ("done", 12)


def test_a_fetch_that_has_begun_is_not_queued_again(served: Served) -> None:
    name = uuid4()
    fetching.report_fetch(served.device, name, report(served, FetchState.RUNNING))
    fetching.report_fetch(served.device, name, report(served, FetchState.QUEUED))
    assert Fetch.objects.get().state == "running"


def test_a_fetch_that_has_not_begun_ends_when_it_is_cancelled(owner: User, served: Served) -> None:
    fetch = fetching.request_fetch(served.connection.id, owner, NOW)
    fetching.cancel_fetch(fetch.id, owner, NOW)
    fetch.refresh_from_db()
    assert fetch.state == "skipped"
    assert read_problem(fetch.problem) == Problem(ProblemCode.CANCELLED)
    assert commands.after(served.device.id, 3) == (CancelFetch(seq=4, fetch=fetch.id),)


def asked(served: Served, owner: User, **more: object) -> Challenge:
    fetch = fetching.request_fetch(served.connection.id, owner, NOW)
    commands.acknowledge(served.device.id, 100)
    name = uuid4()
    facts = {
        "fetch": fetch.id,
        "connection": served.connection.id,
        "state": "waiting",
        "challenge": "one_time_password",
        "prompt": "ワンタイムパスワードを入力してください",
        "code": "K7-42",
        "expires_at": NOW + timedelta(minutes=5),
    }
    body = ChallengeReport(**{**facts, **more})  # type: ignore[arg-type]  # plain test data
    challenges.report_challenge(served.device, name, body, NOW)
    return Challenge.objects.get(pk=name)


def test_an_answer_travels_sealed_to_the_dialog_that_waits(owner: User, served: Served) -> None:
    challenge = asked(served, owner)
    assert challenges.answer_challenge(challenge.id, Secret("271828"), owner, NOW) == challenge
    (command,) = commands.after(served.device.id, 0)
    assert isinstance(command, SealedAnswer)
    context = AnswerContext(
        challenge.organisation_id,
        served.connection.id,
        str(served.device.id),
        challenge.fetch_id,
        challenge.id,
    )
    assert unseal(command.sealed, served.computer.sealing, context) == b"271828"
    assert "271828" not in str(list(Challenge.objects.values()))


def test_an_answer_that_nobody_waits_for_starts_a_new_fetch(owner: User, served: Served) -> None:
    challenge = asked(served, owner)
    ended = report(served, FetchState.FAILED, ended_at=NOW)
    fetching.report_fetch(served.device, challenge.fetch_id, ended)
    late = NOW + timedelta(minutes=6)
    fetch = challenges.answer_challenge(challenge.id, Secret("271828"), owner, late)
    assert isinstance(fetch, Fetch)
    assert fetch.id != challenge.fetch_id


def test_nobody_waits_for_an_answer_once_the_fetch_has_ended(owner: User, served: Served) -> None:
    challenge = asked(served, owner)
    ended = report(served, FetchState.FAILED, ended_at=NOW)
    fetching.report_fetch(served.device, challenge.fetch_id, ended)
    challenge.refresh_from_db()
    assert not challenges.waits(challenge, NOW)


def test_a_picture_that_is_none_is_not_shown(owner: User, served: Served) -> None:
    assert asked(served, owner, image="PHN2Zz4=").image == ""
    gif = "R0lGODlhAQABAAAAACw="
    assert asked(served, owner, image=gif).image == gif


@pytest.fixture
def colleague(owner: User, membership: Membership) -> Device:
    """The PC of somebody else who works here."""
    person = User.objects.create_user("keiri@example.jp", name="佐藤")
    Membership.objects.create(organisation=membership.organisation, user=person, role=Role.STAFF)
    enrolled = enrol(new_computer().wish(issue_auth_key(person, NOW).text()), NOW)
    return confirm_device(enrolled.id, person, NOW)


def test_ones_own_pc_serves_unless_another_one_is_chosen(
    owner: User, device: Device, colleague: Device
) -> None:
    assert register_connection(WISH, owner, NOW).device == device
    assert register_connection(replace(WISH, device=colleague.id), owner, NOW).device == colleague
    offered = [(f"{device.id}", "KEIRI-01(自分のパソコン)"), (f"{colleague.id}", "KEIRI-01(佐藤)")]
    with translation.override("ja"):
        assert choices(owner) == offered


def test_nothing_is_to_be_chosen_where_there_is_only_ones_own_pc(
    owner: User, device: Device
) -> None:
    assert choices(owner) == []


def test_who_has_no_pc_yet_may_register_for_it_or_for_that_of_another(
    owner: User, colleague: Device
) -> None:
    with translation.override("ja"):
        assert [label for _, label in choices(owner)] == [
            *("自分のパソコン(これから登録します)", "KEIRI-01(佐藤)"),
        ]
    assert register_connection(WISH, owner, NOW).device is None


def test_a_pc_that_serves_nobody_here_cannot_be_chosen(owner: User, device: Device) -> None:
    with pytest.raises(Device.DoesNotExist):
        register_connection(replace(WISH, device=uuid4()), owner, NOW)


def test_a_connection_moves_to_another_pc_where_everything_is_chosen_anew(
    served: Served, owner: User, colleague: Device
) -> None:
    certificate = CertificateShown("ab" * 20, "user-01", "CN=CA", NOW + timedelta(days=90))
    report_connection(served.device, served.connection.id, ConnectionReport(True, certificate), NOW)
    running = fetching.request_fetch(served.connection.id, owner, NOW)
    moved = change_login(served.connection.id, LOGIN, owner, NOW, colleague.id)
    assert (moved.device, moved.enabled, moved.certificate) == (colleague, False, None)
    assert Fetch.objects.get(pk=running.id).state == FetchState.SKIPPED
    assert served_by(served.device).connections == ()
    assert served_by(colleague).connections[0].login is not None
    for pc in (served.device, colleague):
        assert isinstance(commands.after(pc.id, 0)[-1], Refresh)


def test_new_login_information_stays_with_the_pc_unless_another_is_chosen(
    served: Served, owner: User, colleague: Device
) -> None:
    for chosen in (None, served.device.id):
        changed = change_login(served.connection.id, LOGIN, owner, NOW, chosen)
        assert changed.device == served.device


def test_a_connection_that_no_pc_serves_goes_to_ones_own_with_its_new_login(
    owner: User, computer: Computer
) -> None:
    connection = register_connection(WISH, owner, NOW)
    enrolled = enrol(computer.wish(issue_auth_key(owner, NOW).text()), NOW)
    device = confirm_device(enrolled.id, owner, NOW)
    Connection.objects.update(device=None)
    assert change_login(connection.id, LOGIN, owner, NOW).device == device


def test_details_are_changed_without_the_login_and_the_pc_hears_of_it(
    served: Served, owner: User
) -> None:
    commands.acknowledge(served.device.id, 100)
    wanted = Details("user-02", date(2026, 5, 1))
    change_details(served.connection.id, wanted, owner, NOW)
    view = served_by(served.device).connections[0]
    assert (view.user_id, view.start_on, view.login_version) == ("user-02", date(2026, 5, 1), 1)
    assert [type(each) for each in commands.after(served.device.id, 0)] == [Refresh]
