"""What operators are shown: what waits, what was counted, whether the cloud can work."""

import logging
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory

from hikae import logs
from hikae.agent.engine import Status
from hikae.cloud.agent_api.boundary import refuse
from hikae.cloud.connections.fetching import cancel_fetch, end_fetches, request_fetch
from hikae.cloud.connections.registering import delete_connection
from hikae.cloud.devices import commands, presence
from hikae.cloud.devices.models import DevicePresence
from hikae.cloud.watching.counters import Counters
from hikae.cloud.watching.exposition import exposition
from hikae.cloud.watching.models import Waiting
from hikae.cloud.watching.readiness import LOOKS, Readiness
from hikae.cloud.watching.requests import PatternsOnly, RequestsMiddleware
from hikae.logs import FETCH_HEADER, subject
from hikae.model.fetch import FetchState
from hikae.model.problems import Problem, ProblemCode, ProblemError
from tests.figures import Figures, read_figures
from tests.office import ORDINARY, Office, daily, open_office
from tests.unit.cloud.conftest import NOW

BANK = "0138"
TOKEN = "kazu-no-kagi-0123456789"
LATER = NOW + timedelta(seconds=90)


@pytest.fixture(autouse=True)
def counters(monkeypatch: pytest.MonkeyPatch) -> Counters:
    """Counters that begin at nothing."""
    fresh = Counters()
    monkeypatch.setattr(apps.get_app_config("watching"), "counters", fresh)
    return fresh


@pytest.fixture
def office(books: str) -> Office:
    """An organisation whose PC is on."""
    office = open_office(NOW)
    office.enrol()
    return office


def figures() -> Figures:
    return read_figures(exposition(LATER).decode())


# what waits


def test_what_waits_is_counted_with_the_age_of_the_oldest(office: Office) -> None:
    connection = office.register(BANK)
    fetch = office.fetch(connection, FetchState.WAITING)
    office.ask(connection, fetch, "ワンタイムパスワード")
    found = figures()
    assert found["hikae_commands_waiting", "on"] == 2
    assert found["hikae_commands_waiting_oldest_seconds", "on"] == 90
    assert found["hikae_commands_waiting", "off"] == 0
    assert found["hikae_challenges_waiting",] == 1
    assert found["hikae_challenges_waiting_oldest_seconds",] == 90
    assert found["hikae_fetches_unfinished", "waiting"] == 1
    assert found["hikae_fetches_unfinished", "running"] == 0
    assert found["hikae_fetches_unfinished_oldest_seconds", "waiting"] == 110


def test_what_has_ended_waits_no_more(office: Office) -> None:
    connection = office.register(BANK)
    fetch = office.fetch(connection, FetchState.WAITING)
    office.ask(connection, fetch, "ワンタイムパスワード")
    with office.at_work():
        commands.acknowledge(office.pc.id, 2)
    office.fetch(connection, FetchState.DONE, fetch=fetch)
    assert not Waiting.objects.exists()


def test_what_is_deleted_waits_no_more(office: Office) -> None:
    connection = office.register(BANK)
    office.ask(connection, office.fetch(connection, FetchState.WAITING), "?")
    with office.at_work():
        delete_connection(connection.id, office.owner, NOW)
        commands.acknowledge(office.pc.id, 9)
    assert not Waiting.objects.exists()


def test_a_wrong_answer_still_waits_for_a_better_one(office: Office) -> None:
    connection = office.register(BANK)
    fetch = office.fetch(connection, FetchState.WAITING)
    challenge = office.ask(connection, fetch, "?")
    office.ask(connection, fetch, "?", challenge=challenge, state="wrong", again="もう一度")
    assert figures()["hikae_challenges_waiting",] == 1
    office.ask(connection, fetch, "?", challenge=challenge, state="answered")
    assert figures()["hikae_challenges_waiting",] == 0


def test_commands_for_a_pc_that_is_off_are_told_apart(office: Office) -> None:
    office.register(BANK)
    DevicePresence.objects.filter(device=office.pc).update(link=None, left_at=NOW)
    found = figures()
    assert found["hikae_commands_waiting", "on"] == 0
    assert found["hikae_commands_waiting", "off"] == 2
    presence.seen(office.pc.id, LATER)
    assert figures()["hikae_commands_waiting", "on"] == 2


# what was counted


def test_fetches_are_counted_by_how_they_ended(office: Office) -> None:
    connection = office.register(BANK)
    office.fetch(connection, FetchState.DONE)
    wrong = Problem(ProblemCode.WRONG_PASSWORD)
    office.fetch(connection, FetchState.FAILED, problem=wrong)
    office.fetch(connection, FetchState.RUNNING)
    with office.at_work():
        end_fetches([connection.id], Problem(ProblemCode.DEVICE_RELEASED), NOW)
        queued = request_fetch(connection.id, office.owner, NOW)
        cancel_fetch(queued.id, office.owner, NOW)
    found = figures()
    assert found["hikae_fetches_total", "done", ""] == 1
    assert found["hikae_fetches_total", "failed", "wrong_password"] == 1
    assert found["hikae_fetches_total", "failed", "device_released"] == 1
    assert found["hikae_fetches_total", "skipped", "cancelled"] == 1


def test_an_end_that_was_undone_is_not_counted(office: Office) -> None:
    connection = office.register(BANK)
    with transaction.atomic():
        office.fetch(connection, FetchState.DONE)
        transaction.set_rollback(True)
    assert figures()["hikae_fetches_total", "done", ""] == 0


def test_merges_are_counted_with_their_rows(office: Office) -> None:
    connection = office.register(BANK)
    office.deliver(connection, daily(ORDINARY, NOW, days=3))
    found = figures()
    assert found["hikae_merge_seconds_count",] == 1
    assert found["hikae_merged_rows_total",] == 3


@pytest.mark.parametrize(
    ("problem", "counted"),
    [
        (
            Problem(ProblemCode.CLOUD_REJECTED, {"part": "signature"}),
            ("hikae_refused_proofs_total", "signature"),
        ),
        (Problem(ProblemCode.CLOCK_WRONG), ("hikae_refused_proofs_total", "clock")),
        (
            Problem(ProblemCode.CLOUD_REJECTED, {"part": "json"}),
            ("hikae_refused_messages_total", "cloud_rejected"),
        ),
        (
            Problem(ProblemCode.STATEMENT_INCONSISTENT),
            ("hikae_refused_messages_total", "statement_inconsistent"),
        ),
    ],
)
def test_what_agents_are_refused_is_counted(
    books: str, problem: Problem, counted: tuple[str, str]
) -> None:
    refuse(ProblemError(problem))
    assert figures()[counted] == 1


def test_requests_are_counted_by_view_and_never_by_address(books: str) -> None:
    client = Client()
    for path in ("/healthz", "/enter/himitsu-no-kagi", "/no/such/page", "/static/hikae/copy.js"):
        client.get(path).close()
    client.generic("PROPFIND", "/healthz")
    text = exposition(LATER).decode()
    found = read_figures(text)
    assert found["hikae_requests_total", "GET", "200", "alive"] == 1
    assert found["hikae_requests_total", "GET", "404", "sign_in_link"] == 1
    assert found["hikae_requests_total", "GET", "404", "none"] == 1
    assert found["hikae_requests_total", "GET", "200", "static"] == 1
    assert found["hikae_requests_total", "other", "405", "alive"] == 1
    assert found["hikae_request_seconds_count", "sign_in_link"] == 1
    assert "himitsu" not in text


# who may read it


def test_nobody_reads_figures_where_no_token_is_set(books: str) -> None:
    assert settings.HIKAE_METRICS_TOKEN == ""
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_figures_are_for_who_brings_the_token(books: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HIKAE_METRICS_TOKEN", TOKEN)
    client = Client()
    assert client.get("/metrics").status_code == 401
    assert client.get(f"/metrics?token={TOKEN}").status_code == 401
    for brought in (TOKEN, f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}x", "Bearer 鍵"):
        answer = client.get("/metrics", HTTP_AUTHORIZATION=brought)
        assert answer.status_code == 401
        assert b"hikae" not in answer.content
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert read_figures(answer.content.decode())["hikae_database_reachable",] == 1


# whether the cloud can work


@pytest.fixture
def readiness(books: str) -> Readiness:
    """Nobody has looked yet."""
    return Readiness()


def test_a_cloud_that_has_all_it_needs_is_ready(books: str) -> None:
    assert Readiness().lacking(NOW) == ()
    assert Client().get("/readyz").json() == {"ready": True, "lacking": []}


def test_tables_older_than_the_program_are_lacking(readiness: Readiness) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM django_migrations WHERE app = 'watching' AND name = '0001_initial'"
            )
        assert readiness.lacking(NOW) == ("migrations",)
        transaction.set_rollback(True)


def test_keys_that_cannot_be_read_are_lacking(
    readiness: Readiness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no-folder").touch()
    monkeypatch.setattr(settings, "HIKAE_ENDINGS", str(tmp_path / "endings.jsonl"))
    monkeypatch.setattr(settings, "HIKAE_KEYS", tmp_path / "no-folder")
    assert readiness.lacking(NOW) == ("keys",)
    monkeypatch.setattr(settings, "HIKAE_KEYS", tmp_path)
    (tmp_path / f"{NOW:%Y-%m-%d}.key").write_bytes(b"too short")
    assert readiness.lacking(LATER) == ("keys",)


def test_a_journal_that_cannot_be_written_is_lacking(
    readiness: Readiness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "HIKAE_ENDINGS", str(tmp_path))
    assert readiness.lacking(NOW) == ("journal",)


def test_looking_writes_nothing_into_the_journal(readiness: Readiness, tmp_path: Path) -> None:
    assert readiness.lacking(NOW) == ()
    assert (tmp_path / "keys" / "endings.jsonl").read_bytes() == b""


def test_an_answer_holds_for_a_moment(
    readiness: Readiness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert readiness.lacking(NOW) == ()
    monkeypatch.setattr(settings, "HIKAE_ENDINGS", str(tmp_path))
    assert readiness.lacking(NOW + timedelta(milliseconds=900)) == ()
    assert readiness.lacking(LATER) == ("journal",)


# the guide


@pytest.fixture
def guide(tree: Path) -> str:
    """What operators are told of watching."""
    whole = (tree / "docs/operator.md").read_text(encoding="utf-8")
    return whole.partition("## Watching over it")[2].partition("\n## ")[0]


def test_the_guide_says_of_everything_that_can_be_lacking_what_it_means(guide: str) -> None:
    assert [name for name in LOOKS if f"\n| `{name}` |" not in guide] == []


def test_the_guide_names_every_figure_and_none_that_there_is_not(books: str, guide: str) -> None:
    kinds = re.findall(r"^# TYPE (hikae_\w+) (\w+)$", exposition(NOW).decode(), re.MULTILINE)
    parts = {f"{name}_bucket" for name, kind in kinds if kind == "histogram"}
    named = set(re.findall(r"\bhikae_\w+", guide))
    assert named - parts == {name for name, _ in kinds}
    shown = set(re.findall(r"^\| `(hikae_\w+)` \|", guide, re.MULTILINE))
    assert shown == {name for name, _ in kinds}


def test_the_guide_names_what_an_agent_says_of_itself(guide: str) -> None:
    told = guide.partition("### Agents")[2].partition("###")[0]
    named = set(re.findall(r"`([a-z]+(?:_[a-z]+)*)`", told)) - {"done"}
    assert named <= {field.name for field in fields(Status)}


# the log


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What the log says of requests."""
    with caplog.at_level(logging.INFO, "hikae.requests"):
        yield caplog


def test_a_request_that_changes_or_fails_has_a_line_and_one_that_reads_has_none(
    books: str, lines: pytest.LogCaptureFixture
) -> None:
    client = Client()
    assert client.get("/healthz").status_code == 200
    assert lines.messages == []
    client.get("/enter/himitsu-no-kagi")
    client.post("/no/such/page")
    lines_without_times = [re.sub(r"\d+ ms", "n ms", each) for each in lines.messages]
    assert lines_without_times == ["GET /enter/<str:token> 404, n ms", "POST none 404, n ms"]


def test_the_answer_names_the_request(books: str) -> None:
    client = Client()
    first, second = (client.get("/healthz")["X-Request-Id"] for _ in range(2))
    assert re.fullmatch("[0-9a-f]{16}", first)
    assert first != second


def test_a_request_is_about_the_fetch_that_its_sender_names_and_about_no_other_text() -> None:
    seen: list[tuple[str | None, str | None]] = []

    def view(_: object) -> HttpResponse:
        seen.append((subject("fetch"), subject("request")))
        return HttpResponse()

    answer = RequestsMiddleware(view)
    name, ask = str(uuid4()), RequestFactory()
    ids = [
        answer(ask.get("/", headers={FETCH_HEADER: sent}))["X-Request-Id"]
        for sent in (name, "another\nline", name.upper())
    ]
    assert seen == [(name, ids[0]), (None, ids[1]), (None, ids[2])]
    assert subject("request") is None


def test_a_button_on_a_page_is_about_the_fetch_that_it_starts(
    office: Office, lines: pytest.LogCaptureFixture
) -> None:
    connection = office.register(BANK)
    lines.handler.setFormatter(logs.formatter(""))
    client = Client()
    client.force_login(office.owner)
    client.post(f"/connections/{connection.id}/fetch")
    with office.at_work():
        fetch = connection.fetches.get()
    assert f" fetch={fetch.id} " in lines.text


def test_lines_of_django_name_patterns_too() -> None:
    request = RequestFactory().get("/enter/himitsu-no-kagi")
    record = logging.LogRecord(
        "django.request", logging.ERROR, "", 0, "%s: %s", ("Error", request.path), None
    )
    record.request = request
    assert PatternsOnly().filter(record)
    assert record.getMessage() == "Error: none"
