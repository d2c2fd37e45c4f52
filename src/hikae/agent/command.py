"""`hikae agent`: everything the engine can do, from the command line.

While an engine of the profile runs, commands go through it; otherwise they start their own.
Words go to standard output for people, or JSON lines with `--json` for programs.
"""

import argparse
import asyncio
import getpass
import logging
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import msgspec

from hikae import logs
from hikae.agent import settings as settings_file
from hikae.agent.console import Console
from hikae.agent.engine import Engine, EngineError
from hikae.agent.fetch_command import fetch_and_wait
from hikae.agent.local import LocalEngine
from hikae.agent.profile import DEFAULT, Profile, ProfileInUseError
from hikae.agent.remote import NoEngineError, RemoteEngine
from hikae.agent.safe import open_safe
from hikae.agent.surroundings import Surroundings
from hikae.agent.timetable import NEVER, Plan
from hikae.catalogue.catalogue import CatalogueError, load_catalogue
from hikae.link import authkey
from hikae.model.clock import system_clock
from hikae.model.language import Language
from hikae.model.problems import Problem, ProblemCode, ProblemError
from hikae.model.secret import Secret

FAILED = 1
UNUSABLE = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--profile", default=DEFAULT, help="one of several accounts of this PC")
    parser.add_argument("--data", type=Path, help="where profiles are kept")
    parser.add_argument("--catalogue", type=Path, help="folder of trial institutions")
    parser.add_argument("--certificates", type=Path, help="folder of PKCS#12 files")
    parser.add_argument("--language", choices=["ja", "en"], help="language of what is printed")
    parser.add_argument("--json", action="store_true", help="JSON lines, for programs")
    parser.add_argument("--verbose", action="store_true", help="log to standard error")
    words = parser.add_subparsers(dest="word", required=True, metavar="COMMAND")
    enrol = words.add_parser("enrol", help="enrol this PC; the key is asked for, or piped in")
    enrol.add_argument("--yes", action="store_true", help="the fingerprint is compared elsewhere")
    words.add_parser("certificates", help="certificates of this PC").add_argument(
        "--unlock", metavar="FILE", help="keep this file's password (asked for, or piped in)"
    )
    words.add_parser("connections", help="what this PC fetches, and whether it can")
    select = words.add_parser("select", help="choose the certificate of a connection")
    select.add_argument("connection")
    select.add_argument("thumbprint")
    for word, help_text in (("enable", "switch connections on"), ("disable", "switch them off")):
        words.add_parser(word, help=help_text).add_argument("connection", nargs="+")
    fetch = words.add_parser("fetch", help="fetch now, and wait for the end")
    fetch.add_argument("connection", nargs="*", help="all enabled ones unless given")
    words.add_parser("run", help="stay and work until stopped").add_argument(
        "--own-cloud",
        action="store_true",
        help="the cloud is on this PC too: who asks there is at this PC",
    )
    schedule = words.add_parser("schedule", help="when connections are fetched by themselves")
    schedule.add_argument("times", nargs="*", metavar="HH:MM", help="every day at these times")
    schedule.add_argument("--every", type=int, metavar="HOURS", help="while the bank is open")
    schedule.add_argument("--off", action="store_true", help="never")
    words.add_parser("status", help="how things stand")
    release = words.add_parser("release", help="this PC is no longer enrolled; erases its data")
    release.add_argument("--yes", action="store_true", help="without asking")
    release.add_argument("--send", action="store_true", help="what is unsent first")
    refused = words.add_parser("refused", help="statements that the cloud did not take")
    refused.add_argument("--send", action="store_true", help="offer them once more")
    refused.add_argument(
        "--set-aside", metavar="FOLDER", type=Path, help="write them to files, keep them no longer"
    )
    words.add_parser("renew-keys", help="give this PC new keys; the old ones are refused then")


def run(arguments: argparse.Namespace) -> int:
    """Do it; 0 done, 1 a Problem, 2 unusable arguments or settings."""
    level = logging.INFO if arguments.verbose or arguments.word == "run" else logging.ERROR
    try:
        _log_to_standard_error(level, logs.form_of(os.environ))
    except ValueError as error:
        print(f"hikae agent: {error}", file=sys.stderr)
        return UNUSABLE
    try:
        given = _surroundings(arguments)
    except (CatalogueError, ProblemError) as error:
        print(f"hikae agent: {error}", file=sys.stderr)
        return UNUSABLE
    language = Language(arguments.language or given.settings.language)
    console = Console(sys.stdout, sys.stderr, language, as_json=arguments.json)
    try:
        return asyncio.run(_WORDS[arguments.word](arguments, given, console))
    except ProblemError as error:
        console.problem(error.problem)
        return FAILED
    except ProfileInUseError:
        print("hikae agent: another engine of this profile runs", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        return FAILED


def _log_to_standard_error(level: int, form: str) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logs.formatter(form))
    logging.basicConfig(level=level, handlers=[handler])


def _surroundings(arguments: argparse.Namespace) -> Surroundings:
    profile = Profile.at(arguments.data, arguments.profile)
    settings = settings_file.load(profile.settings)
    if arguments.certificates:
        settings = replace(settings, certificates=str(arguments.certificates.resolve()))
    if arguments.catalogue:
        settings = replace(settings, catalogue=str(arguments.catalogue.resolve()))
    return Surroundings(
        profile=profile,
        safe=open_safe(os.environ, profile.name),
        settings=settings,
        catalogue=load_catalogue(Path(settings.catalogue) if settings.catalogue else None),
        clock=system_clock,
        new_id=uuid4,
        random=random.SystemRandom(),
        own_cloud=getattr(arguments, "own_cloud", False),
    )


@asynccontextmanager
async def _engine(given: Surroundings) -> AsyncIterator[Engine]:
    """The running engine of the profile, or one for this command."""
    try:
        remote = await RemoteEngine.connect(given.profile)
    except NoEngineError:
        local = await LocalEngine(given).start()
        try:
            yield local
        finally:
            await local.stop()
        return
    try:
        yield remote
    finally:
        await remote.close()


async def _enrol(arguments: argparse.Namespace, given: Surroundings, console: Console) -> int:
    key = authkey.parse(_secret_line("認証キー: "))
    async with _engine(given) as engine:
        state = await engine.enrol(key)
        console.device(key.origin, state)
        same = arguments.yes or _agreed(
            console.words("同じですか [y/N]: ", "Are they the same? [y/N]: ")
        )
        await engine.confirm(same=same)
    return 0 if same else FAILED


async def _certificates(
    arguments: argparse.Namespace, given: Surroundings, console: Console
) -> int:
    async with _engine(given) as engine:
        if arguments.unlock:
            password = Secret(_secret_line(f"{arguments.unlock}: "))
            await engine.unlock(arguments.unlock, password)
        console.certificates(await engine.certificates())
    return 0


async def _connections(_: argparse.Namespace, given: Surroundings, console: Console) -> int:
    async with _engine(given) as engine:
        console.connections(await engine.connections())
    return 0


async def _select(arguments: argparse.Namespace, given: Surroundings, console: Console) -> int:
    async with _engine(given) as engine:
        (connection,) = await _named(engine, [arguments.connection])
        await engine.select(connection, arguments.thumbprint)
        console.connections(await engine.connections())
    return 0


async def _enable(arguments: argparse.Namespace, given: Surroundings, console: Console) -> int:
    async with _engine(given) as engine:
        for connection in await _named(engine, arguments.connection):
            await engine.enable(connection, on=arguments.word == "enable")
        console.connections(await engine.connections())
    return 0


async def _fetch(arguments: argparse.Namespace, given: Surroundings, console: Console) -> int:
    async with _engine(given) as engine:
        connections = await _named(engine, arguments.connection)
        return 0 if await fetch_and_wait(engine, connections, console) else FAILED


async def _run(_: argparse.Namespace, given: Surroundings, console: Console) -> int:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl+C arrives as KeyboardInterrupt
            loop.add_signal_handler(number, stopped.set)
    engine = LocalEngine(given)
    events = engine.events()
    await engine.start()
    console.status(await engine.status())
    telling = asyncio.create_task(console.follow(events))
    try:
        await stopped.wait()
    finally:
        await engine.stop()
        telling.cancel()
    return 0


async def _schedule(arguments: argparse.Namespace, given: Surroundings, console: Console) -> int:
    async with _engine(given) as engine:
        if arguments.times or arguments.every or arguments.off:
            await engine.set_plan(_plan(arguments))
        console.plan(await engine.plan())
    return 0


def _plan(arguments: argparse.Namespace) -> Plan:
    if arguments.off:
        return NEVER
    said = {"times": arguments.times, "every": arguments.every or 0}
    try:
        return msgspec.convert(said, type=Plan)
    except msgspec.ValidationError as error:
        details = {"file": "schedule", "place": str(error)}
        raise EngineError(Problem(ProblemCode.UNREADABLE_FILE, details=details)) from None


async def _status(_: argparse.Namespace, given: Surroundings, console: Console) -> int:
    async with _engine(given) as engine:
        console.status(await engine.status())
    return 0


async def _release(arguments: argparse.Namespace, given: Surroundings, console: Console) -> int:
    async with _engine(given) as engine:
        status = await engine.status()
        console.status(status)
        unsent = status.unsent
        refused = status.refused_statements
        offer = console.words("先に送信しますか [y/N]: ", "Send them first? [y/N]: ")
        if unsent and (arguments.send or (not arguments.yes and _agreed(offer))):
            unsent = await engine.send_unsent()
        console.left_behind(unsent + refused)
        question = console.words(
            "このパソコンの登録を解除しますか [y/N]: ", "Release this PC? [y/N]: "
        )
        if not (arguments.yes or _agreed(question)):
            return FAILED
        await engine.release()
    return 0


async def _refused(arguments: argparse.Namespace, given: Surroundings, console: Console) -> int:
    async with _engine(given) as engine:
        if arguments.send:
            await engine.send_refused()
        if arguments.set_aside:
            console.set_aside(await engine.set_aside(str(arguments.set_aside.resolve())))
        left = await engine.refused_statements()
        console.refused(left)
    return FAILED if left else 0


async def _renew_keys(_: argparse.Namespace, given: Surroundings, console: Console) -> int:
    async with _engine(given) as engine:
        console.renewed(await engine.renew_keys())
    return 0


async def _named(engine: Engine, names: list[str]) -> list[UUID]:
    """Connections by the beginning of their id or by their institution's code."""
    if not names:
        return []
    connections = await engine.connections()
    if names == ["all"]:
        return [each.id for each in connections]
    found = []
    for name in names:
        fitting = [c.id for c in connections if str(c.id).startswith(name) or c.institution == name]
        if len(fitting) != 1:
            details: dict[str, str | int] = {"connection": name, "fitting": len(fitting)}
            raise EngineError(Problem(ProblemCode.CONNECTION_STOPPED, details))
        found += fitting
    return found


def _secret_line(prompt: str) -> str:
    """One line that must not be seen: typed without echo, or piped in."""
    return getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().strip()


def _agreed(question: str) -> bool:
    return sys.stdin.isatty() and input(question).strip().lower() in {"y", "yes"}


_Word = Callable[[argparse.Namespace, Surroundings, Console], Coroutine[None, None, int]]

_WORDS: dict[str, _Word] = {
    "enrol": _enrol,
    "certificates": _certificates,
    "connections": _connections,
    "select": _select,
    "enable": _enable,
    "disable": _enable,
    "fetch": _fetch,
    "run": _run,
    "schedule": _schedule,
    "status": _status,
    "release": _release,
    "refused": _refused,
    "renew-keys": _renew_keys,
}
