"""Whether a cloud lives, can work and what it counts, asked of processes that run."""

import http.client
import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.figures import Figures, read_figures
from tests.fixtures_cloud import Server, make_two_roles, running_cloud
from tests.fixtures_postgres import OwnPostgres, own_postgres

TOKEN = "kazu-no-kagi-0123456789"
PATIENCE = 60.0
POLL = 0.1


@pytest.fixture(scope="module")
def postgres_of_ours() -> Iterator[OwnPostgres]:
    """A PostgreSQL that may be stopped."""
    with own_postgres("hikae_watched") as own:
        yield own


@pytest.fixture(scope="module")
def pair(
    postgres_of_ours: OwnPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, Server]]:
    """Two cloud processes that count together, side by side on one database."""
    two, data = make_two_roles(postgres_of_ours.database), tmp_path_factory.mktemp("pair")
    (data / "together").mkdir()
    environment = {
        "HIKAE_DATA": str(data),
        "HIKAE_DATABASE_URL": two.url,
        "HIKAE_DATABASE_OWNER_URL": two.owner_url,
        "HIKAE_METRICS_TOKEN": TOKEN,
        "PROMETHEUS_MULTIPROC_DIR": str(data / "together"),
    }
    with running_cloud(environment) as first, running_cloud(environment) as second:
        yield first, second


def ask(server: Server, path: str, method: str = "GET") -> tuple[int, bytes]:
    """Ask as a program that watches: by the address of the machine, with the token."""
    where = urlsplit(server.address)
    headers = {"Authorization": f"Bearer {TOKEN}", "Host": "10.0.0.7"}
    with closing(http.client.HTTPConnection(str(where.hostname), where.port, timeout=60)) as asking:
        asking.request(method, path, headers=headers)
        answer = asking.getresponse()
        return answer.status, answer.read()


def figures(server: Server) -> Figures:
    status, text = ask(server, "/metrics")
    assert status == 200
    return read_figures(text.decode())


def until(true: Callable[[], bool]) -> None:
    """Wait for what happens in another process."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(POLL)


def test_processes_side_by_side_count_together(pair: tuple[Server, Server]) -> None:
    first, second = pair
    before = figures(first).get(("hikae_requests_total", "GET", "200", "alive"), 0)
    for server in (first, second, second):
        assert ask(server, "/healthz") == (200, b'{"alive": true}')
    for server in pair:
        assert figures(server)["hikae_requests_total", "GET", "200", "alive"] == before + 3
    assert figures(second)["hikae_fetches_unfinished", "running"] == 0


def test_a_cloud_is_not_ready_while_its_database_is_stopped(
    pair: tuple[Server, Server], postgres_of_ours: OwnPostgres
) -> None:
    server, _ = pair

    def ready() -> bool:
        return ask(server, "/readyz")[0] == 200

    until(ready)
    assert figures(server)["hikae_database_reachable",] == 1
    with postgres_of_ours.stopped():
        until(lambda: not ready())
        status, answer = ask(server, "/readyz")
        assert status == 503
        assert json.loads(answer) == {"ready": False, "lacking": ["database"]}
        assert ask(server, "/healthz")[0] == 200
        found = figures(server)
        assert found["hikae_database_reachable",] == 0
        assert ("hikae_commands_waiting", "on") not in found
        assert found["hikae_requests_total", "GET", "200", "alive"] > 0
    until(ready)
    assert figures(server)["hikae_database_reachable",] == 1


def test_figures_are_for_nobody_without_the_token(pair: tuple[Server, Server]) -> None:
    where = urlsplit(pair[0].address)
    with closing(http.client.HTTPConnection(str(where.hostname), where.port, timeout=60)) as asking:
        asking.request("GET", "/metrics")
        answer = asking.getresponse()
        assert (answer.status, answer.read()) == (401, b"")


def test_a_cloud_that_is_asked_to_end_answers_what_is_under_way_and_nothing_new(
    tmp_path: Path,
) -> None:
    with running_cloud({"HIKAE_DATA": str(tmp_path)}) as server:
        where = urlsplit(server.address)
        address = (str(where.hostname), int(where.port or 0))
        with socket.create_connection(address, timeout=PATIENCE) as under_way:
            head = "POST /agent/v1/enrol HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
            under_way.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
            assert under_way.recv(1000).startswith(b"HTTP/1.1 100")
            server.process.terminate()
            until(lambda: refuses(address))
            assert server.process.poll() is None
            under_way.sendall(b"{}")
            with under_way.makefile("rb") as answer:
                whole = answer.read()
        assert whole.startswith(b"HTTP/1.1 400")
        assert b"cloud_rejected" in whole
        assert server.process.wait(PATIENCE) == 0


def refuses(address: tuple[str, int]) -> bool:
    """Whether nobody listens there any more."""
    try:
        socket.create_connection(address, timeout=PATIENCE).close()
    except ConnectionRefusedError:
        return True
    return False
