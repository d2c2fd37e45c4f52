"""The places at which a test may kill a process: all are named, and each dies in its turn."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hikae.killpoint import POINTS, VARIABLE

PLACE = re.compile(r'killpoint\("([a-z_]+\.[a-z_]+)"\)')

PASSING = """
from {module} import killpoint
for n in range(3):
    print(n)
    killpoint("here")
"""


def test_every_place_in_the_code_is_named_and_every_name_is_a_place(tree: Path) -> None:
    sources = (path.read_text("utf-8") for path in (tree / "src").rglob("*.py"))
    places = [name for text in sources for name in PLACE.findall(text)]
    assert set(places) == set(POINTS)


@pytest.mark.parametrize("module", ["hikae.killpoint", "hikae.simbank.killpoint"])
@pytest.mark.parametrize(
    ("armed", "passed"), [("here:1", 1), ("here:3", 3), ("here", 1), ("there:1", 3), ("", 3)]
)
def test_a_process_dies_at_the_armed_place_when_it_is_its_turn(
    module: str, armed: str, passed: int
) -> None:
    program = [sys.executable, "-u", "-c", PASSING.format(module=module)]
    done = subprocess.run(program, env={VARIABLE: armed}, stdout=subprocess.PIPE, check=False)
    assert len(done.stdout.split()) == passed
    assert (done.returncode == -signal.SIGKILL) is armed.startswith("here")
