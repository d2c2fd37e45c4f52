"""A session over libcurl: one kept handle on a thread of its own, awaited from asyncio.

A permission window of Windows can block `perform` for as long as nobody answers; it then blocks
this thread and nothing else, and the thread may be left behind.
"""

import asyncio
import logging
from concurrent.futures import Future
from contextlib import suppress
from contextvars import Context, copy_context
from dataclasses import dataclass, replace
from queue import SimpleQueue
from threading import Thread

import pycurl

from hikae.model.certificate import Identity
from hikae.model.problems import Problem, ProblemCode, ProblemError
from hikae.transport.address import Address, UnusableAddressError, parse
from hikae.transport.errors import (
    AddressRefusedError,
    ClosedError,
    Failure,
    Target,
    TooMuchError,
    TransportError,
    explain,
)
from hikae.transport.exchange import Hosts, Limits, Request, Response, Sink
from hikae.transport.handle import failure_of, loadable, make_ready
from hikae.transport.hop import Hop
from hikae.transport.proxy import ManualProxy, Proxy, UnreadableProxyError, route
from hikae.transport.redirect import follow, is_redirect
from hikae.transport.refusal import ask_again, may_be_refusal

Log = logging.Logger | logging.LoggerAdapter[logging.Logger]
LOG = logging.getLogger("hikae.transport")

GOODBYE = 2.0
"""Seconds that `close` waits for the thread, and an overdue exchange for libcurl's own limit."""


def open_transport(
    hosts: Hosts,
    proxy: Proxy,
    identity: Identity | None,
    limits: Limits,
    *,
    target: Target = Target.BANK,
    log: Log = LOG,
) -> "CurlTransport":
    """Open a session; raises KeyUnusableError. Nothing is sent yet.

    log: a LoggerAdapter carries the fetch's id; what is logged is method, host, path, status,
    bytes and milliseconds, never a query, header or body.
    """
    return CurlTransport(Session(hosts, proxy, loadable(identity), target, log), limits)


@dataclass(frozen=True, slots=True)
class Session:
    """What all exchanges of a transport share."""

    hosts: Hosts
    proxy: Proxy
    identity: Identity | None
    target: Target
    log: Log


@dataclass(frozen=True, slots=True)
class Job:
    """One hop for the thread, and where the answer is awaited; cancelling `done` stops it.

    context: of who waits, so that the log says what the hop was for.
    """

    request: Request
    sink: Sink | None
    limits: Limits
    remaining: float
    done: asyncio.Future[Response]
    context: Context


class CurlTransport:
    """A `Transport` over libcurl; exchanges of one session go one after the other."""

    def __init__(self, session: Session, limits: Limits) -> None:
        """Start the thread; `open_transport` is the way in."""
        self._session = session
        self._limits = limits
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._closed = False
        self._ended: Future[None] = Future()
        Thread(target=self._work, name="hikae-transport", daemon=True).start()

    async def send(self, request: Request, sink: Sink | None = None) -> Response:
        """Send and wait; raises TransportError. Cancelling the task ends the transfer."""
        limits = request.limits or self._limits
        now = asyncio.get_running_loop().time
        deadline = now() + limits.total
        response = await self._hop(request, sink, limits, limits.total)
        for _ in range(limits.redirects):
            if not leads_on(request, response):
                return response
            request = self._next(request, response)
            response = await self._hop(request, sink, limits, deadline - now())
        if leads_on(request, response):
            raise TooMuchError(unexpected(self._session, "redirects"))
        return response

    async def close(self) -> None:
        """End the session and whatever it still sends; safe to call twice."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
        # A thread behind a permission window does not say goodbye; it is left behind.
        await asyncio.wait([asyncio.wrap_future(self._ended)], timeout=GOODBYE)

    async def _hop(
        self, request: Request, sink: Sink | None, limits: Limits, remaining: float
    ) -> Response:
        """Have the thread send one request to an allowed host."""
        if self._closed:
            raise closed()
        done: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        admitted = admit(request, self._session)
        self._jobs.put(Job(admitted, sink, limits, remaining, done, copy_context()))
        try:
            async with asyncio.timeout(remaining + GOODBYE):
                return await done
        except TimeoutError:
            problem = Problem(self._session.target.unreachable, {"reason": "timeout"})
            raise TransportError(problem) from None

    def _next(self, request: Request, response: Response) -> Request:
        """Return the request that a redirect asks for."""
        try:
            return follow(request, response)
        except UnusableAddressError as error:
            raise AddressRefusedError(unexpected(self._session, "redirect_unusable")) from error

    def _work(self) -> None:
        """Run jobs until told to end: the outermost loop of the thread."""
        handle = pycurl.Curl()
        while (job := self._jobs.get()) is not None:
            try:
                result: Response | BaseException = job.context.run(self._run, handle, job)
            except BaseException as error:  # noqa: BLE001 - handed to whoever waits
                result = error
            with suppress(RuntimeError):  # the loop has ended, and with it whoever waited
                job.done.get_loop().call_soon_threadsafe(answer, job.done, result)
        handle.close()
        self._ended.set_result(None)

    def _run(self, handle: pycurl.Curl, job: Job) -> Response:
        """Perform one hop; raises TransportError and what the sink raised."""
        session, address = self._session, parse(job.request.url)

        def stopped() -> bool:
            return self._closed or job.done.cancelled()

        if stopped():
            raise closed()
        proxy = way_out(session, address)
        hop = Hop(job.request, job.sink, job.limits.body, stopped)
        make_ready(handle, session.hosts, session.identity, proxy, job.limits, job.remaining)
        hop.prepare(handle)
        try:
            handle.perform()
            hop.require_head()
        except pycurl.error as error:
            failure = failure_of(handle, error)
            if hop.status == 0 and may_be_refusal(failure):
                failure = reason(session, job, proxy) or failure
            raised = hop.failure or failed(session, hop, failure, proxy)
            record(session.log, handle, hop, address, raised)
            raise raised from None
        record(session.log, handle, hop, address, None)
        return hop.response()


def answer(done: asyncio.Future[Response], result: Response | BaseException) -> None:
    """Give whoever still waits what came."""
    if done.done():
        return
    if isinstance(result, BaseException):
        done.set_exception(result)
    else:
        done.set_result(result)


def leads_on(request: Request, response: Response) -> bool:
    """Whether the caller wants to be taken where `response` points."""
    return request.follow and is_redirect(response.status, response.headers.get("location"))


def admit(request: Request, session: Session) -> Request:
    """Return `request` with its address as it will be sent; refuse one outside the hosts."""
    try:
        address = parse(request.url)
    except UnusableAddressError as error:
        raise AddressRefusedError(unexpected(session, "address_unusable")) from error
    if not address.allowed_by(session.hosts):
        raise AddressRefusedError(unexpected(session, "foreign_host", host=address.place))
    return replace(request, url=address.url)


def way_out(session: Session, address: Address) -> ManualProxy | None:
    """Return the proxy to take."""
    try:
        return route(session.proxy, address)
    except UnreadableProxyError:
        problem = Problem(ProblemCode.PROXY_UNREACHABLE, {"reason": "setting_unreadable"})
        raise TransportError(problem) from None


def reason(session: Session, job: Job, proxy: ManualProxy | None) -> Failure | None:
    """Return why the server hung up, if it says so on a connection of its own."""
    handle = pycurl.Curl()
    make_ready(handle, session.hosts, session.identity, proxy, job.limits, job.remaining)
    with handle:
        return ask_again(handle, job.request.url)


def failed(
    session: Session, hop: Hop, failure: Failure, proxy: ManualProxy | None
) -> TransportError:
    """Return the error that a transfer ended with."""
    if hop.overflow:
        return TooMuchError(unexpected(session, "body"))
    if failure.number == pycurl.E_ABORTED_BY_CALLBACK:
        return closed()
    return TransportError(explain(failure, session.target, proxy, session.identity))


def closed() -> ClosedError:
    """Return the error of a session that has ended."""
    return ClosedError(Problem(ProblemCode.CANCELLED, {"reason": "closed"}))


def unexpected(session: Session, reason: str, **details: str) -> Problem:
    """Return the problem of an answer that does not belong to this site."""
    return Problem(session.target.unexpected, {"reason": reason, **details})


def record(
    log: Log, handle: pycurl.Curl, hop: Hop, address: Address, error: BaseException | None
) -> None:
    """Log one hop: no query, no parameters of the path (they may name a session)."""
    place, path = address.place, address.path.partition(";")[0]
    took = round(handle.getinfo(pycurl.TOTAL_TIME) * 1000)
    if error is None:
        log.info(
            "%s %s %s %d, %d bytes, %d ms",
            hop.request.method, place, path, hop.status, hop.received, took,
        )  # fmt: skip
    else:
        log.warning(
            "%s %s %s %s, %d bytes, %d ms",
            hop.request.method, place, path, describe(error), hop.received, took,
        )  # fmt: skip


def describe(error: BaseException) -> str:
    """Return what the log says of an error: only a problem's own data is known to be harmless."""
    return str(error) if isinstance(error, ProblemError) else type(error).__name__
