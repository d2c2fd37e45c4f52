"""`make demo`: the main job on this machine, from nothing to the books on a page.

With ONCE=1: without windows, fetches twice, prints a JSON summary, exits 0 only if all worked.
"""

import asyncio
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import Any

from demo.household import OWNER, OWNER_PASSWORD, Household
from demo.person import NotShownError, Person
from demo.programs import ProgramError
from demo.story import Story
from hikae.agent.console import Console
from hikae.model.language import Language
from hikae.model.problems import ProblemError

PORT = 8620
"""Of the demo that stays, where it is free; the one that runs once takes any."""


def main() -> int:
    """Run the demo; the exit code."""
    once = bool(os.environ.get("ONCE"))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder = Path(tempfile.mkdtemp(prefix="hikae-demo-"))
    try:
        summary = _run(folder, once=once)
    except (NotShownError, ProgramError, ProblemError, TimeoutError, OSError) as error:
        _say(f"うまくいきませんでした: {type(error).__name__} {error}")
        summary = {"ok": False}
    except KeyboardInterrupt:
        _say("中止しました。")
        summary = {"ok": False}
    if once:
        print(json.dumps(summary))
    if not summary["ok"]:
        _say(f"記録は {folder} にあります。")
        return 1
    shutil.rmtree(folder)
    return 0


def _run(folder: Path, *, once: bool) -> dict[str, Any]:
    started = time.monotonic()
    _say("模擬の銀行とクラウドを起動します")
    with Household(folder, port=0 if once else _port()) as house:
        house.agent.start()
        summary = asyncio.run(_tell(house))
        summary["duration_s"] = round(time.monotonic() - started, 1)
        if not once:
            _stay(house)
    return summary


async def _tell(house: Household) -> dict[str, Any]:
    console = Console(sys.stderr, sys.stderr, Language.JAPANESE, as_json=False)
    async with house.agent.engine() as engine, Person(house.cloud.origin) as person:
        return await Story(house, engine, person, console, _say).tell()


def _port() -> int:
    """The port that does not change from demo to demo, unless somebody has it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            return 0
    return PORT


def _stay(house: Household) -> None:
    """Say where to look, open it where there is a display, and wait for Ctrl+C."""
    _say(f"\n{house.cloud.origin}\n  {OWNER}\n  {OWNER_PASSWORD}\n\nCtrl+C で終わります。")
    if sys.platform in {"win32", "darwin"} or os.environ.get("DISPLAY"):
        webbrowser.open(house.cloud.origin)
    with suppress(KeyboardInterrupt):
        threading.Event().wait()


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
