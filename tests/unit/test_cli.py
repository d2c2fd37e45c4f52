"""The command line: quick to explain itself, clear about what is missing."""

import subprocess
import sys
from pathlib import Path

import pytest

from hikae import __version__, cli

STARTED_BY_HELP = """
import sys
from hikae import cli
before = set(sys.modules)
try:
    cli.main(["--help"])
except SystemExit:
    pass
ours = {name for name in sys.modules if name.startswith("hikae")}
assert ours == {"hikae", "hikae.cli"}, ours
heavy = {"django", "pycurl", "PySide6", "cryptography", "selectolax", "msgspec", "asyncio"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
"""


def write_command(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> None:
    (folder / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(folder)


def enter(monkeypatch: pytest.MonkeyPatch, module: str, extra: str) -> None:
    monkeypatch.setitem(cli.COMMANDS, "trial", cli.Entry(module, extra, "a trial"))


def test_help_imports_no_part_and_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STARTED_BY_HELP], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for word in cli.COMMANDS:
        assert word in done.stdout


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"hikae {__version__}\n"


def test_an_unknown_word_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["nonsense"])
    assert ended.value.code == 2
    assert "nonsense" in capsys.readouterr().err


def test_what_follows_the_word_reaches_the_command_and_its_exit_code_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        "def add_arguments(parser):\n"
        "    parser.add_argument('file', nargs='+')\n"
        "    parser.add_argument('--to')\n"
        "def run(arguments):\n"
        "    print(arguments.file, arguments.to)\n"
        "    return 7\n"
    )
    write_command(tmp_path, monkeypatch, "trial_command", text)
    enter(monkeypatch, "trial_command", "")
    assert cli.main(["trial", "--to", "csv", "a.txt", "--", "-b.txt"]) == 7
    assert capsys.readouterr().out == "['a.txt', '-b.txt'] csv\n"


def test_a_missing_extra_is_one_line_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_command(tmp_path, monkeypatch, "trial_without_extra", "import a_library_nobody_has\n")
    enter(monkeypatch, "trial_without_extra", "agent")
    assert cli.main(["trial"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "hikae trial: a_library_nobody_has is not installed;"
        " install it with: pip install 'hikae[agent]'\n"
    )


def test_a_hole_in_our_own_code_is_not_blamed_on_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    enter(monkeypatch, "hikae.a_part_nobody_wrote", "agent")
    with pytest.raises(ModuleNotFoundError):
        cli.main(["trial"])
