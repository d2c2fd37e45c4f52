"""`make demo`: the main job on this machine, from nothing to the books on a page.

With ONCE=1: without windows, fetches twice, prints a JSON summary, exits 0 only if all worked.
"""

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
import webbrowser
from pathlib import Path

from demo.household import OWNER, OWNER_PASSWORD, AgentError, Household
from demo.programs import ProgramError
from demo.story import StoryError, tell

PORT = 8620  # of the demo that stays; the one that runs once takes any


def main() -> int:
    """Run the demo; the exit code."""
    once = bool(os.environ.get("ONCE"))
    folder = Path(tempfile.mkdtemp(prefix="hikae-demo-"))
    started = time.monotonic()
    try:
        with Household(folder, port=0 if once else PORT) as house:
            house.agent.start()
            summary = asyncio.run(tell(house, _say))
            summary["duration_s"] = round(time.monotonic() - started, 1)
            if not once:
                _stay(house)
    except (StoryError, ProgramError, AgentError) as error:
        _say(f"{type(error).__name__}: {error}")
        _say(f"{folder} に記録があります。")
        print(json.dumps({"ok": False}))
        return 1
    print(json.dumps(summary))
    shutil.rmtree(folder)
    return 0 if summary["ok"] else 1


def _stay(house: Household) -> None:
    """Say where to look, open it, and wait for Ctrl+C."""
    _say(f"\n{house.cloud.origin}\n  {OWNER}\n  {OWNER_PASSWORD}\n\nCtrl+C で終わります。")
    webbrowser.open(house.cloud.origin)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
