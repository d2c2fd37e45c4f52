"""What a PC meets that nobody wants: wrong passwords, foreign servers, full disks, wrong clocks."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from uuid import UUID

import pytest

from demo.household import Bank, Cloud
from hikae.agent.engine import DeviceChanged, EngineError, Warned
from hikae.agent.local import LocalEngine
from hikae.agent.settings import ProxySettings
from hikae.model.clock import system_clock
from hikae.model.fetch import FetchState, Trigger
from hikae.model.problems import ProblemCode, ProblemError
from hikae.model.secret import Secret
from tests.fixtures_household import Desk, open_desk
from tests.system.agent.books import in_the_bank, in_the_cloud, requests, signed_out


async def test_a_wrong_certificate_password_is_refused_and_not_kept(desk: Desk) -> None:
    customer = desk.bank.customer("9901", "ok")
    desk.receive(customer)
    with pytest.raises(EngineError) as refused:
        await desk.engine.unlock(customer.p12.name, Secret("not-it"))
    assert refused.value.problem.code is ProblemCode.PIN_WRONG
    assert desk.given.safe.get(f"pkcs12:{customer.p12.name}") is None
    assert (await desk.engine.certificates()).certificates == ()


async def test_a_proxy_that_is_none_is_told_from_one_that_does_not_answer(desk: Desk) -> None:
    await desk.enrol()
    customer = desk.bank.customer("9902", "slow")
    await desk.connect(customer)
    before = requests(desk.bank, customer)
    with something_else() as port:
        settings = replace(desk.given.settings, proxy=by_hand(port))
        await desk.restart(settings=settings)
        (fetch,) = await desk.fetch()
        assert fetch.problem is not None
        assert fetch.problem.code is ProblemCode.PROXY_NOT_A_PROXY
    await desk.restart(settings=replace(desk.given.settings, proxy=by_hand(port)))
    (fetch,) = await desk.fetch()
    assert fetch.problem is not None
    assert fetch.problem.code is ProblemCode.PROXY_UNREACHABLE
    assert requests(desk.bank, customer) == before


def by_hand(port: int) -> ProxySettings:
    return ProxySettings("manual", "http", "127.0.0.1", port)


@contextmanager
def something_else() -> Iterator[int]:
    """A server that speaks another language than HTTP."""

    class Greeting(BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(100)
            self.request.sendall(b"220 mail.example.jp ESMTP\r\n")

    with ThreadingTCPServer(("127.0.0.1", 0), Greeting) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


async def test_statements_wait_while_something_else_answers_in_the_clouds_place(
    bank: Bank, tmp_path: Path
) -> None:
    cloud = Cloud(tmp_path, bank.catalogue)
    try:
        async with open_desk(bank, cloud, tmp_path) as desk:
            await desk.enrol()
            customer = bank.customer("9903", "renewal_notice")
            (connection,) = await desk.connect(customer)
            cloud.program.stop()
            with hotel(cloud.port):
                events = desk.engine.events()
                (fetch,) = await desk.engine.fetch([connection.id], Trigger.COMMAND)
                while not await waits_to_be_sent(desk, fetch):
                    await anext(events)
                assert signed_out(bank, customer)
                with pytest.raises(ProblemError) as refused:
                    await desk.engine.send_unsent()
                assert refused.value.problem.code is ProblemCode.CLOUD_REJECTED
                unsent = (await desk.engine.status()).unsent
                assert unsent > 0
            cloud.start(cloud.port)
            assert await desk.engine.send_unsent() == 0
            ended = await desk.engine.fetch_state(fetch)
            assert ended is not None
            assert ended.state is FetchState.DONE
            assert in_the_cloud(desk, customer) == in_the_bank(bank, customer, 93)
    finally:
        cloud.program.stop()


async def waits_to_be_sent(desk: Desk, fetch: UUID) -> bool:
    known = await desk.engine.fetch_state(fetch)
    return known is not None and known.step == "送信待ち"


@contextmanager
def hotel(port: int) -> Iterator[None]:
    """A sign-in page that answers 200 to whatever is asked, as hotels have it."""

    class Page(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = b"<html><h1>Welcome, please sign in</h1></html>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_POST = do_DELETE = answer

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            """Nobody reads it."""

    class Hotel(ThreadingHTTPServer):
        daemon_threads = True
        allow_reuse_address = True

    server = Hotel(("127.0.0.1", port), Page)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def test_a_full_disk_ends_the_fetch_and_the_next_one_works(
    bank: Bank, cloud: Cloud, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "8m") as disk:
        async with open_desk(bank, cloud, disk) as desk:
            await desk.enrol()
            customer = bank.customer("9903", "ok")
            await desk.connect(customer)
            filling = fill(disk)
            (fetch,) = await desk.fetch()
            assert fetch.problem is not None
            assert fetch.problem.code is ProblemCode.DISK_FULL
            filling.unlink()
            (again,) = await desk.fetch()
            assert again.state is FetchState.DONE
            assert in_the_cloud(desk, customer) == in_the_bank(bank, customer, 93)


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of its own that is soon full."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no mount here")
    if done.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Leave no room at all."""
    filling = disk / "filling"
    with filling.open("wb", buffering=0) as file:
        for size in (65536, 4096, 512):
            with suppress(OSError):
                while True:
                    file.write(b"\0" * size)
    return filling


async def test_a_clock_two_hours_off_works_with_a_warning(desk: Desk) -> None:
    await desk.restart(clock=lambda: system_clock() - timedelta(hours=2))
    events = desk.engine.events()
    await desk.enrol()
    customer = desk.bank.customer("9903", "late_posting")
    await desk.connect(customer)
    (fetch,) = await desk.fetch()
    assert fetch.state is FetchState.DONE
    warning = await anext(each async for each in events if isinstance(each, Warned))
    assert warning.problem.code is ProblemCode.CLOCK_WRONG
    assert fetch.ended_at is not None
    assert abs(fetch.ended_at - system_clock()) < timedelta(minutes=5)


async def test_a_cloud_that_releases_a_pc_while_it_is_off_is_understood_when_it_is_on_again(
    desk: Desk,
) -> None:
    await desk.enrol()
    device = (await desk.engine.status()).device
    assert device is not None
    await desk.engine.stop()
    page = await desk.person.visit(f"/device/{device.device}/release")
    await page.press("登録を解除する")
    desk.engine = LocalEngine(desk.given)
    events = desk.engine.events()
    await desk.engine.start()
    await anext(each async for each in events if each == DeviceChanged(None))
    assert (await desk.engine.status()).device is None
