"""A real PostgreSQL for tests: one cluster for all workers, one empty database for each.

The cluster lives in a folder of its own on a free port and is as fast as it can be, since
nothing in it needs to outlive the tests. PostgreSQL refuses to run as root, so root runs it
as the user `postgres`. The first worker that asks starts it; the last one that leaves stops it.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import psycopg
import pytest
from filelock import FileLock
from psycopg import sql

from demo.ports import lasting_ports

SUPERUSER = "hikae_tests"
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True, slots=True)
class PostgresDatabase:
    """An empty database of this worker's own."""

    host: str
    port: int
    user: str
    name: str

    @property
    def url(self) -> str:
        """Return the address in the form that libpq and Django's settings read."""
        return f"postgresql://{self.user}@{self.host}:{self.port}/{self.name}"

    def make_another(self, name: str) -> "PostgresDatabase":
        """Make an empty one beside it."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return replace(self, name=name)


@dataclass(frozen=True, slots=True)
class Cluster:
    """What the workers tell each other about the one that runs, in a file beside its lock."""

    port: int
    folder: str
    workers: list[str] = field(default_factory=list)
    settings: Sequence[str] = FAST

    def make(self, name: str) -> PostgresDatabase:
        """Make an empty database."""
        return _new(self.port, name)


@pytest.fixture(scope="session")
def postgres(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[PostgresDatabase]:
    """Lend a database on a running PostgreSQL, its user a superuser; nothing is in it yet."""
    run = tmp_path_factory.getbasetemp()
    shared = run if worker_id == "master" else run.parent
    port = _join(shared, worker_id)
    try:
        yield _new(port, f"hikae_{worker_id}")
    finally:
        _leave(shared, worker_id)


def _join(shared: Path, worker: str) -> int:
    """Start the cluster unless another worker has; return its port."""
    state = shared / "postgres.json"
    with FileLock(f"{state}.lock"):
        cluster = Cluster(**json.loads(state.read_text())) if state.exists() else _start()
        cluster.workers.append(worker)
        state.write_text(json.dumps(asdict(cluster)))
    return cluster.port


def _leave(shared: Path, worker: str) -> None:
    """Stop the cluster if nobody else uses it."""
    state = shared / "postgres.json"
    with FileLock(f"{state}.lock"):
        cluster = Cluster(**json.loads(state.read_text()))
        cluster.workers.remove(worker)
        if cluster.workers:
            state.write_text(json.dumps(asdict(cluster)))
            return
        _stop(cluster)
        state.unlink()


@contextmanager
def running_postgres(name: str) -> Iterator[PostgresDatabase]:
    """Lend a database on a cluster of its own to who is no test."""
    with running_cluster() as cluster:
        yield cluster.make(name)


@contextmanager
def running_cluster(settings: Sequence[str] = FAST) -> Iterator[Cluster]:
    """Lend a cluster of its own; one that is to be restarted must not be FAST."""
    cluster = _start(settings)
    try:
        yield cluster
    finally:
        _stop(cluster)


def restart(cluster: Cluster) -> None:
    """Restart it as after a crash: whoever is connected is cut off."""
    _halt(cluster)
    _launch(cluster)


@dataclass(frozen=True, slots=True)
class OwnPostgres:
    """A database on a cluster that nobody else uses."""

    database: PostgresDatabase
    cluster: Cluster

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Stop the server, as by a power cut, and start it again in the end."""
        _halt(self.cluster)
        try:
            yield
        finally:
            _launch(self.cluster)


@contextmanager
def own_postgres(name: str) -> Iterator[OwnPostgres]:
    """Lend a cluster that may be stopped and started again."""
    with running_cluster() as cluster:
        yield OwnPostgres(cluster.make(name), cluster)


def _new(port: int, name: str) -> PostgresDatabase:
    return PostgresDatabase("127.0.0.1", port, SUPERUSER, "postgres").make_another(name)


def _stop(cluster: Cluster) -> None:
    _halt(cluster)
    shutil.rmtree(cluster.folder)


def _start(settings: Sequence[str] = FAST) -> Cluster:
    # Not below pytest's own folder: that is closed to the user `postgres`.
    folder = Path(tempfile.mkdtemp(prefix="hikae-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    _run(
        *("initdb", "--pgdata", str(data), "--username", SUPERUSER, "--auth", "trust"),
        *("--encoding", "UTF8", "--no-locale", "--no-sync"),
    )
    (port,) = lasting_ports(1)
    cluster = Cluster(port, str(folder), settings=settings)
    _launch(cluster)
    return cluster


def _launch(cluster: Cluster) -> None:
    folder = cluster.folder
    settings = (f"port={cluster.port}", f"unix_socket_directories={folder}", *cluster.settings)
    _run(
        *("pg_ctl", "--pgdata", f"{folder}/data", "--log", f"{folder}/log", "--wait"),
        *("--options", " ".join(f"-c {setting}" for setting in settings), "start"),
    )


def _halt(cluster: Cluster) -> None:
    _run("pg_ctl", "--pgdata", f"{cluster.folder}/data", "--mode", "immediate", "stop")


def _run(program: str, *arguments: str) -> None:
    command: Sequence[str] = (_find(program), *arguments)
    if os.geteuid() == 0:
        command = ("runuser", "-u", "postgres", "--", *command)
    # Into a file, not a pipe: the server inherits it and would keep a pipe open for ever.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(command, stdout=output, stderr=output, cwd="/", check=False)
        output.seek(0)
        assert done.returncode == 0, f"{program}: {output.read().decode(errors='replace')}"


def _find(program: str) -> str:
    """Return the newest installed one; Debian keeps them out of PATH."""
    installed = Path("/usr/lib/postgresql").glob(f"*/bin/{program}")
    versioned = sorted(installed, key=lambda path: int(path.parts[-3]))
    found = str(versioned[-1]) if versioned else shutil.which(program)
    assert found, f"{program} is missing: scripts/setup-debian installs PostgreSQL"
    return found
