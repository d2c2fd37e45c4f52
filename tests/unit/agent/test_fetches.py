"""The queue of fetches, with dialogs that the test leads."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from uuid import UUID

import msgspec
import pytest

from hikae import logs
from hikae.agent.database import Database
from hikae.agent.engine import EngineError, Event
from hikae.agent.fetches import Fetches, Progress
from hikae.agent.memory import Memory, RememberedConnection
from hikae.agent.outbox import Outbox
from hikae.agent.restraint import Restraint
from hikae.model.fetch import Counts, Fetch, FetchState, Trigger
from hikae.model.problems import Problem, ProblemCode
from tests.unit.agent.made import CERTIFICATE, CONNECTION, NOW, fetch, statement, view

OTHER = UUID(int=2)
AHEAD = timedelta(hours=9)
"""What a cloud's clock is ahead of the PC's."""


class Bank:
    """A dialog that goes on when the test says so; it counts its visitors."""

    def __init__(self) -> None:
        self.visits: list[Fetch] = []
        self.inside = 0
        self.most_inside = 0
        self.entered = asyncio.Event()
        self.go_on = asyncio.Event()
        self.ends: Callable[[Fetch], None] = lambda _: None

    async def __call__(self, fetch: Fetch, _: RememberedConnection, _progress: Progress) -> None:
        self.visits.append(fetch)
        self.inside += 1
        self.most_inside = max(self.inside, self.most_inside)
        self.entered.set()
        try:
            await self.go_on.wait()
            self.ends(fetch)
        finally:
            self.inside -= 1


class Office:
    """Fetches of two connections of one bank user."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.memory = Memory(database)
        self.outbox = Outbox(database)
        self.bank = Bank()
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        for connection in (CONNECTION, OTHER):
            self.memory.keep_connection(
                RememberedConnection(view(of=connection), enabled=True, certificate=CERTIFICATE)
            )
        self.fetches = self.started()

    def started(self) -> Fetches:
        """As the engine starts them, again after a restart."""
        numbers = count(100)
        return Fetches(
            memory=self.memory,
            outbox=self.outbox,
            restraint=Restraint(self.database, self.memory, lambda: NOW, lambda: NOW + AHEAD),
            clock=lambda: NOW,
            new_id=lambda: UUID(int=next(numbers)),
            dialog=self.bank,
            tell=self.events.put_nowait,
            wake=asyncio.Event(),
        )

    def ask(self, trigger: Trigger = Trigger.COMMAND, of: UUID = CONNECTION) -> UUID:
        return self.fetches.queue(of, trigger)

    def state(self, fetch_id: UUID) -> Fetch:
        found = self.fetches.state(fetch_id)
        assert found is not None
        return found

    async def ended(self, fetch_id: UUID) -> Fetch:
        await self.until(lambda: self.state(fetch_id).state.final)
        return self.state(fetch_id)

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not true():
                await self.events.get()


@pytest.fixture
async def office(database: Database) -> Office:
    """Return an office in which nothing is fetched yet."""
    return Office(database)


def code(fetch: Fetch) -> ProblemCode | None:
    return fetch.problem.code if fetch.problem else None


def fails_with(code: ProblemCode) -> Callable[[Fetch], None]:
    def fail(_: Fetch) -> None:
        raise EngineError(Problem(code))

    return fail


async def test_a_bank_user_is_visited_by_one_fetch_at_a_time(office: Office) -> None:
    office.bank.go_on.set()
    first, second = office.ask(), office.ask(of=OTHER)
    assert (await office.ended(first)).state is FetchState.DONE
    assert (await office.ended(second)).state is FetchState.DONE
    assert office.bank.most_inside == 1


async def test_asking_twice_on_the_pc_is_one_fetch_but_not_for_the_cloud(office: Office) -> None:
    first = office.ask()
    assert office.ask() == first
    refused = office.state(office.ask(Trigger.CLOUD))
    assert (refused.state, code(refused)) == (FetchState.SKIPPED, ProblemCode.RATE_LIMITED)
    await office.fetches.stop()


async def test_the_same_command_twice_is_one_fetch(office: Office) -> None:
    office.bank.go_on.set()
    wanted = UUID(int=77)
    for _ in range(2):
        assert office.fetches.queue(CONNECTION, Trigger.CLOUD, wanted) == wanted
        await office.ended(wanted)
    assert len(office.bank.visits) == 1


async def test_what_the_bank_rejects_is_not_tried_again_until_the_login_changes(
    office: Office,
) -> None:
    office.bank.go_on.set()
    office.bank.ends = fails_with(ProblemCode.WRONG_PASSWORD)
    assert code(await office.ended(office.ask())) is ProblemCode.WRONG_PASSWORD
    skipped = await office.ended(office.ask())
    assert (skipped.state, code(skipped)) == (FetchState.SKIPPED, ProblemCode.WRONG_PASSWORD)
    office.memory.keep_views([view(version=2), view(of=OTHER)])
    office.bank.ends = lambda _: None
    assert (await office.ended(office.ask())).state is FetchState.DONE
    assert len(office.bank.visits) == 2


async def test_after_a_rejection_new_login_information_waits_for_who_is_at_the_pc(
    office: Office,
) -> None:
    office.bank.go_on.set()
    office.bank.ends = fails_with(ProblemCode.WRONG_PASSWORD)
    await office.ended(office.ask(Trigger.CLOUD))
    office.bank.ends = lambda _: None
    office.memory.keep_views([view(version=2), view(of=OTHER)])
    office.fetches = office.started()
    for connection in (CONNECTION, OTHER):  # of the same bank user
        held = await office.ended(office.ask(Trigger.CLOUD, of=connection))
        assert held.problem == Problem(
            ProblemCode.WRONG_PASSWORD, retry_at=NOW + AHEAD + timedelta(days=1)
        )
    assert (await office.ended(office.ask(Trigger.DESKTOP))).state is FetchState.DONE
    again = await office.ended(office.ask(Trigger.SCHEDULE))
    assert code(again) is ProblemCode.RATE_LIMITED
    assert len(office.bank.visits) == 2


@pytest.mark.parametrize("trigger", [Trigger.CLOUD, Trigger.SCHEDULE])
async def test_what_nobody_here_starts_is_bounded_and_told_by_the_clock_that_people_see(
    office: Office, trigger: Trigger
) -> None:
    office.bank.go_on.set()
    assert (await office.ended(office.ask(trigger))).state is FetchState.DONE
    refused = await office.ended(office.ask(trigger))
    assert refused.problem == Problem(
        ProblemCode.RATE_LIMITED,
        {"minutes": 10, "times": 12},
        retry_at=NOW + AHEAD + timedelta(minutes=10),
    )
    assert (await office.ended(office.ask())).state is FetchState.DONE


async def test_a_login_changed_during_the_visit_is_not_blamed(office: Office) -> None:
    office.bank.ends = fails_with(ProblemCode.WRONG_PASSWORD)
    rejected = office.ask()
    await office.bank.entered.wait()
    office.memory.keep_views([view(version=2), view(of=OTHER)])
    office.bank.go_on.set()
    await office.ended(rejected)
    office.bank.ends = lambda _: None
    assert (await office.ended(office.ask())).state is FetchState.DONE


async def test_a_connection_stopped_while_its_fetch_waits_is_not_visited(office: Office) -> None:
    first, second = office.ask(), office.ask(of=OTHER)
    await office.bank.entered.wait()
    office.memory.keep_views([view(), view(of=OTHER, stopped=True)])
    office.bank.go_on.set()
    await office.ended(first)
    stopped = await office.ended(second)
    assert (stopped.state, code(stopped)) == (FetchState.SKIPPED, ProblemCode.CONNECTION_STOPPED)
    assert [visit.id for visit in office.bank.visits] == [first]


async def test_a_connection_that_the_plan_does_not_include_is_not_visited(office: Office) -> None:
    office.memory.keep_views([msgspec.structs.replace(view(), plan_allows=False)])
    refused = await office.ended(office.ask())
    assert (refused.state, code(refused)) == (FetchState.SKIPPED, ProblemCode.PLAN_REQUIRED)
    assert office.bank.visits == []


async def test_a_paused_institution_is_not_visited_also_after_a_restart(office: Office) -> None:
    office.fetches.pause("9901", "点検中です")
    office.fetches = office.started()
    paused = await office.ended(office.ask())
    assert paused.problem == Problem(ProblemCode.INSTITUTION_PAUSED, {"words": "点検中です"})
    office.fetches.pause("9901", None)
    office.bank.go_on.set()
    assert (await office.ended(office.ask())).state is FetchState.DONE


async def test_a_fetch_is_done_when_all_its_statements_are_delivered(office: Office) -> None:
    one, two = UUID(int=11), UUID(int=12)

    def keep(fetch: Fetch) -> None:
        for each in (one, two):
            office.outbox.put({each: statement()}, fetch=fetch.id, connection=CONNECTION)

    office.bank.ends = keep
    office.bank.go_on.set()
    sending = office.ask()
    await office.until(lambda: office.state(sending).step == "送信待ち")
    office.outbox.forget(one)
    office.fetches.delivered(sending, Counts(added=2), None)
    assert office.state(sending).state is FetchState.RUNNING

    office.fetches = office.started()  # killed between two acknowledgements
    office.fetches.resume()
    office.outbox.forget(two)
    office.fetches.delivered(sending, Counts(added=3), None)
    done = office.state(sending)
    assert (done.state, done.counts) == (FetchState.DONE, Counts(added=5))


async def test_after_a_restart_queued_fetches_run_and_interrupted_ones_have_failed(
    office: Office,
) -> None:
    waiting = fetch(1, state=FetchState.QUEUED, begun=False)
    broken_off = replace(fetch(2, state=FetchState.RUNNING), connection=OTHER)
    for each in (waiting, broken_off):
        office.memory.keep_fetch(each, dialog_done=False)
    office.bank.go_on.set()
    office.fetches = office.started()
    office.fetches.resume()
    assert (await office.ended(waiting.id)).state is FetchState.DONE
    assert office.state(broken_off.id).problem == Problem(
        ProblemCode.INTERNAL, {"part": "interrupted"}
    )


async def test_a_pc_that_lost_power_at_the_bank_may_be_signed_in_since_its_fetch_began(
    office: Office,
) -> None:
    cut_off = fetch(1, state=FetchState.RUNNING)
    office.memory.keep_fetch(cut_off, dialog_done=False)
    office.fetches = office.started()
    office.fetches.resume()
    known = office.memory.connection(CONNECTION)
    assert known is not None
    assert known.signed_in_at == cut_off.started_at


async def test_what_is_asked_for_while_the_engine_stops_waits_for_its_next_start(
    office: Office,
) -> None:
    await office.fetches.stop()
    late = office.ask()
    assert office.state(late).state is FetchState.QUEUED
    assert office.memory.unfinished() == [(office.state(late), False)]


@pytest.mark.parametrize("begun", [False, True])
async def test_stopping_ends_every_fetch_whether_it_had_begun_or_not(
    office: Office, begun: bool
) -> None:
    one = office.ask()
    if begun:
        await office.bank.entered.wait()
    await office.fetches.stop()
    ended = office.state(one)
    assert ended.state is (FetchState.FAILED if begun else FetchState.SKIPPED)
    assert code(ended) is ProblemCode.CANCELLED
    assert office.memory.unfinished() == []


async def test_a_full_disk_ends_a_fetch_and_lets_the_next_one_in(
    office: Office, database: Database
) -> None:
    def keep(fetch: Fetch) -> None:
        office.outbox.put({UUID(int=11): statement(2000)}, fetch=fetch.id, connection=CONNECTION)

    (pages,) = database.row("PRAGMA page_count")
    database.connection.execute(f"PRAGMA max_page_count = {pages + 5}")
    office.bank.ends = keep
    office.bank.go_on.set()
    full = await office.ended(office.ask())
    assert code(full) is ProblemCode.DISK_FULL
    assert office.outbox.unsent() == 0
    office.bank.ends = lambda _: None
    assert (await office.ended(office.ask())).state is FetchState.DONE


async def test_a_mistake_of_the_program_ends_the_fetch_and_nothing_else(office: Office) -> None:
    def crash(_: Fetch) -> None:
        raise RuntimeError("a mistake")

    office.bank.ends = crash
    office.bank.go_on.set()
    assert code(await office.ended(office.ask())) is ProblemCode.INTERNAL


async def test_fetches_are_counted_by_how_they_ended(office: Office) -> None:
    office.bank.go_on.set()
    await office.ended(office.ask())
    office.bank.ends = fails_with(ProblemCode.SITE_CHANGED)
    await office.ended(office.ask())
    await office.ended(office.ask())
    assert office.fetches.outcomes == {"done": 1, "site_changed": 2}


async def test_what_a_fetch_does_is_logged_as_about_it_and_without_words_of_the_bank(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.setFormatter(logs.formatter(""))

    def refuse(_: Fetch) -> None:
        words = {"heading": "北町 花子 様"}
        raise EngineError(Problem(ProblemCode.SITE_CHANGED, words, "お知らせがあります"))

    office.bank.go_on.set()
    office.bank.ends = refuse
    fetch = await office.ended(office.ask())
    (line,) = caplog.text.splitlines()
    assert line.endswith(f"failed: site_changed fetch={fetch.id}")
