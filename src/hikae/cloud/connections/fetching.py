"""取得: asking a PC for one, stopping it, and keeping what the PC reports of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from hikae import logs
from hikae.cloud.connections.models import Challenge, Connection, Fetch
from hikae.cloud.connections.problem_record import keep_problem
from hikae.cloud.devices import commands
from hikae.cloud.devices.models import Device
from hikae.cloud.people import audit
from hikae.cloud.people.models import User
from hikae.cloud.people.tenancy import required_tenant
from hikae.cloud.plans.holding import may_link, plan_required
from hikae.cloud.watching.counters import counters
from hikae.killpoint import killpoint
from hikae.link.messages import CancelFetch, FetchReport, RunFetch
from hikae.model.fetch import FetchState, Trigger
from hikae.model.problems import Problem, ProblemCode, ProblemError

FORGOTTEN = timedelta(hours=1)
"""A fetch of which nothing more was heard for so long does not keep a new one from starting."""

_FINAL = [state.value for state in FetchState if state.final]
_OPEN = [Challenge.State.WAITING, Challenge.State.WRONG]
_BEGUN = {FetchState.RUNNING, FetchState.WAITING}


class FetchRefusedError(ProblemError):
    """connection_stopped, device_offline (no PC serves it), plan_required, or cloud_rejected."""


@transaction.atomic
def request_fetch(connection_id: UUID, by: User, now: datetime) -> Fetch:
    """Ask the PC to fetch a connection; one that already runs is returned instead.

    A PC that is off fetches when it is on again. Raises FetchRefusedError or
    Connection.DoesNotExist.
    """
    connection = Connection.objects.select_for_update(no_key=True).get(pk=connection_id)
    if connection.stopped:
        raise FetchRefusedError(Problem(ProblemCode.CONNECTION_STOPPED))
    if not may_link():
        raise FetchRefusedError(plan_required())
    if connection.device_id is None:
        raise FetchRefusedError(Problem(ProblemCode.DEVICE_OFFLINE))
    running = connection.fetches.exclude(state__in=_FINAL)
    recent = running.filter(queued_at__gt=now - FORGOTTEN).order_by("-queued_at").first()
    return recent or _queue(connection, connection.device_id, by, now)


@transaction.atomic
def cancel_fetch(fetch_id: UUID, by: User, now: datetime) -> None:
    """中止: one that has not begun ends at once, a running one signs out and ends by itself.

    Raises Fetch.DoesNotExist.
    """
    logs.concerns(fetch=fetch_id)
    fetch = Fetch.objects.select_for_update(no_key=True).get(pk=fetch_id)
    device_id = fetch.connection.device_id
    if FetchState(fetch.state).final:
        return
    if fetch.state == FetchState.QUEUED or device_id is None:
        fetch.state = FetchState.SKIPPED
        fetch.ended_at = now
        fetch.problem = keep_problem(Problem(ProblemCode.CANCELLED))
        fetch.save(update_fields=["state", "ended_at", "problem"])
        counters().fetches_ended(FetchState.SKIPPED, ProblemCode.CANCELLED)
    if device_id is not None:
        commands.send(device_id, lambda seq: CancelFetch(seq=seq, fetch=fetch_id), now)
    audit.record("fetch.cancelled", actor=by.email, subject=fetch_id, now=now)


@transaction.atomic
def report_fetch(device: Device, fetch_id: UUID, report: FetchReport) -> None:
    """Keep what a PC says of a fetch; a final state stays, a begun one is not queued again.

    Nobody waits for an answer any more once it has ended.
    Raises Connection.DoesNotExist or FetchRefusedError for what is not the device's own.
    """
    connection = device.connections.get(pk=report.connection)
    fetch = Fetch.objects.select_for_update(no_key=True).filter(pk=fetch_id).first()
    if fetch is None:
        fetch = Fetch(id=fetch_id, organisation_id=required_tenant(), connection=connection)
        fetch.trigger, fetch.queued_at = report.trigger, report.queued_at
    elif fetch.connection_id != connection.id:
        raise FetchRefusedError(Problem(ProblemCode.CLOUD_REJECTED, {"part": "connection"}))
    elif FetchState(fetch.state).final or (
        report.state is FetchState.QUEUED and fetch.state in _BEGUN
    ):
        return
    _take_over(fetch, report)
    fetch.save()
    if report.state.final:
        unanswered = fetch.challenges.filter(state__in=_OPEN)
        unanswered.update(state=Challenge.State.CANCELLED)
        counters().fetches_ended(report.state, report.problem.code if report.problem else "")
    killpoint("reports.written")


def end_fetches(connections: Iterable[UUID], problem: Problem, now: datetime) -> None:
    """End whatever runs or waits for these connections: no PC goes on with it."""
    going = Fetch.objects.filter(connection__in=connections).exclude(state__in=_FINAL)
    waiting = Challenge.objects.filter(fetch__in=going, state__in=_OPEN)
    waiting.update(state=Challenge.State.CANCELLED)
    ended = going.update(state=FetchState.FAILED, ended_at=now, problem=keep_problem(problem))
    counters().fetches_ended(FetchState.FAILED, problem.code, ended)


def _queue(connection: Connection, device_id: UUID, by: User, now: datetime) -> Fetch:
    fetch = Fetch.objects.create(
        id=uuid4(),
        organisation_id=connection.organisation_id,
        connection=connection,
        trigger=Trigger.CLOUD,
        state=FetchState.QUEUED,
        requested_by=by,
        queued_at=now,
    )
    logs.concerns(fetch=fetch.id)
    commands.send(
        device_id, lambda seq: RunFetch(seq=seq, fetch=fetch.id, connection=connection.id), now
    )
    audit.record("fetch.requested", actor=by.email, subject=fetch.id, now=now)
    return fetch


def _moves_on(known: FetchState, reported: FetchState) -> bool:
    """Whether a report is news: nothing follows a final state, and no queue a beginning."""
    return not known.final and not (reported is FetchState.QUEUED and known in _BEGUN)


def _take_over(fetch: Fetch, report: FetchReport) -> None:
    fetch.state = report.state
    fetch.started_at = report.started_at
    fetch.ended_at = report.ended_at
    fetch.step = report.step
    fetch.rows = report.rows
    fetch.problem = keep_problem(report.problem)
    counts = report.counts
    fetch.added, fetch.known, fetch.moved = counts.added, counts.known, counts.moved
    fetch.corrected, fetch.removed = counts.corrected, counts.removed
