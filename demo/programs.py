"""Hikae's own programs, started as a person would start them."""

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Self, TypeVar

from hikae.killpoint import VARIABLE

HIKAE = (sys.executable, "-m", "hikae.cli")
_STOPPING = 20.0

T = TypeVar("T")


class ProgramError(Exception):
    """A program ended, or said nothing, when it should have been ready."""


class Program:
    """A program that runs beside us and says on its first line that it is ready."""

    def __init__(
        self, words: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        """Start `hikae <words>`; what it logs goes to the file `log`."""
        self.words = list(words)
        self._log = log
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [*HIKAE, *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=surroundings(environment),
            )

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def __enter__(self) -> Self:
        """The running program."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self.stop()

    def ready(self, within: float = 60.0) -> dict[str, Any]:
        """The JSON object that it prints when it is ready; raises ProgramError."""
        stdout = self._process.stdout
        if stdout is None or not select.select([stdout], [], [], within)[0]:
            raise ProgramError(f"hikae {self.words[0]} said nothing; see {self._log}")
        line = stdout.readline()
        if not line:
            raise ProgramError(f"hikae {self.words[0]} ended; see {self._log}")
        # What it says later must not fill the pipe, or it would stop at its next word.
        threading.Thread(target=_read_to_the_end, args=(stdout,), daemon=True).start()
        words: dict[str, Any] = json.loads(line)
        return words

    def stop(self) -> int:
        """Ask it to end and wait; its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_STOPPING)
        except subprocess.TimeoutExpired:
            self.kill()
        return self._process.returncode

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait()

    def wait(self, within: float) -> int:
        """Wait until it ends by itself; its exit code."""
        return self._process.wait(within)


def _read_to_the_end(stream: IO[bytes]) -> None:
    with stream:
        stream.read()


def surroundings(given: Mapping[str, str] | None) -> dict[str, str]:
    """The environment of a program: what is set for a real Hikae of this machine is none of it."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name == VARIABLE or not name.startswith("HIKAE_")
    }
    return {**kept, **(given or {})}


def run(
    words: Sequence[str], *, given: str = "", environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `hikae <words>` to its end with `given` on standard input."""
    return subprocess.run(
        [*HIKAE, *words],
        input=given,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=surroundings(environment),
    )


def until(true: Callable[[], T], within: float = 30.0, every: float = 0.05) -> T:
    """What `true()` returns once it is truthy; raises TimeoutError."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if value := true():
            return value
        time.sleep(every)
    raise TimeoutError(f"not within {within:.0f} s")
