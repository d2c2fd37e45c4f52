"""`hikae up`: the whole of Hikae on one PC, cloud and agent side by side until stopped.

Each is the same program as in an office or a service, in a process of its own; nothing but the
traffic with banks leaves the PC.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import webbrowser
from collections.abc import Mapping, Sequence
from pathlib import Path

_HIKAE = (sys.executable, "-m", "hikae.cli")
_LEAVING = 60.0  # seconds that an agent may take to sign out of banks


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--data", type=Path, help="folder of everything that is kept")
    parser.add_argument("--catalogue", type=Path, help="folder of more institutions (試験用)")
    parser.add_argument("--certificates", type=Path, help="folder of PKCS#12 files")
    parser.add_argument("--port", type=int, default=8620, help="port of the pages on this PC")
    parser.add_argument("--no-browser", action="store_true", help="print the address only")


def run(arguments: argparse.Namespace) -> int:
    """Start both, say where to look, wait; 0 when asked to stop, 1 when one of them ended."""
    programs: list[subprocess.Popen[bytes]] = []
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    try:
        cloud = _start(_cloud_words(arguments), programs, subprocess.PIPE)
        ready = _first_line(cloud)
        if ready is None:
            return 1
        _start(_agent_words(arguments), programs, subprocess.DEVNULL)
        _welcome(str(ready["sign_in"]), browser=not arguments.no_browser)
        while not over.wait(1.0):
            if any(program.poll() is not None for program in programs):
                return 1
        return 0
    finally:
        _stop(programs)


def _cloud_words(arguments: argparse.Namespace) -> Sequence[str]:
    words = ["cloud", *_option("--data", arguments.data and arguments.data / "cloud")]
    words += _option("--catalogue", arguments.catalogue)
    return [*words, "serve", "--port", str(arguments.port), "--sign-in-link"]


def _agent_words(arguments: argparse.Namespace) -> Sequence[str]:
    words = ["agent", *_option("--data", arguments.data and arguments.data / "agent")]
    words += _option("--catalogue", arguments.catalogue)
    return [*words, *_option("--certificates", arguments.certificates), "run", "--own-cloud"]


def _option(name: str, value: Path | None) -> list[str]:
    return [] if value is None else [name, str(value.absolute())]


def _start(
    words: Sequence[str], programs: list[subprocess.Popen[bytes]], stdout: int
) -> subprocess.Popen[bytes]:
    program = subprocess.Popen([*_HIKAE, *words], stdout=stdout, start_new_session=True)
    programs.append(program)
    return program


def _first_line(program: subprocess.Popen[bytes]) -> Mapping[str, object] | None:
    """What the cloud says when it is ready; None when it ended instead (it has said why)."""
    line = program.stdout.readline() if program.stdout else b""
    if not line:
        return None
    ready: Mapping[str, object] = json.loads(line)
    return ready


def _welcome(address: str, *, browser: bool) -> None:
    print(f"{address}\nCtrl+C で終わります。 / Ctrl+C ends it.", flush=True)
    if browser and (os.name == "nt" or os.environ.get("DISPLAY")):
        webbrowser.open(address)


def _stop(programs: list[subprocess.Popen[bytes]]) -> None:
    """The agent first: it signs out of banks and tells the cloud how its fetches ended."""
    for program in reversed(programs):
        if program.poll() is None:
            program.terminate()
        try:
            program.wait(_LEAVING)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()
