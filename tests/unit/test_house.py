"""The rules of the tree bite: who may import whom, what is pinned, what a command pulls in."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PARTS = (
    *("agent", "banks", "catalogue", "certificates", "cloud", "cloud.notices", "desktop"),
    *("formats", "link", "model", "simbank", "transport", "up"),
)
ALLOWED = {
    "cli": ("agent", "cloud", "desktop", "formats", "simbank", "up"),
    "up": ("agent", "cloud", "link", "catalogue", "model"),
    "desktop": ("agent", "model"),
    "cloud": ("link", "catalogue", "formats", "model"),
    "cloud.notices": ("transport", "link", "catalogue", "formats", "model"),
    "agent": ("banks", "certificates", "transport", "link", "formats", "catalogue", "model"),
    "banks": ("transport", "formats", "catalogue", "model"),
    "certificates": ("catalogue", "model"),
    "transport": ("model",),
    "link": ("catalogue", "model"),
    "formats": ("model",),
    "catalogue": ("model",),
    "model": (),
    "simbank": (),
}
FORBIDDEN = [
    (importer, imported)
    for importer, allowed in ALLOWED.items()
    for imported in ALLOWED
    # A package and its own child are one part.
    if imported not in (importer, *allowed)
    and not imported.startswith("cloud.")
    and not (importer.startswith("cloud.") and imported == "cloud")
    and importer != "cli"
]
FOREIGN = [
    ("model", "sqlite3"),
    ("model", "asyncio"),
    ("banks", "pycurl"),
    ("cloud", "pycurl"),
    ("agent", "django"),
    ("agent", "PySide6"),
    ("catalogue", "zengin_code"),
]


def grow(root: Path, arrows: list[tuple[str, str]]) -> None:
    """Write a tree of parts in which each arrow is one module of the one that imports the other."""
    package = root / "hikae"
    for part in PARTS:
        folder = package / part.replace(".", "/")
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
        (folder / "inside.py").touch()
        (folder / "beside.py").write_text(f"import hikae.{part}.inside\n")
    (package / "__init__.py").touch()
    (package / "cli.py").touch()
    for importer, imported in arrows:
        target = imported if (importer, imported) in FOREIGN else f"hikae.{imported}"
        if imported in PARTS:
            target += ".inside"
        home = package if importer == "cli" else package / importer.replace(".", "/")
        name = "cli.py" if importer == "cli" else f"to_{imported.replace('.', '_')}.py"
        with (home / name).open("a") as module:
            module.write(f"import {target}\n")


def lint(root: Path, tree: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--config", tree / "pyproject.toml", "--no-cache"],
        cwd=root,
        env={"PYTHONPATH": str(root), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory, tree: Path) -> str:
    """Return what the contracts say about a tree that breaks every one of them."""
    root = tmp_path_factory.mktemp("broken")
    grow(root, FORBIDDEN + FOREIGN)
    (root / "hikae/newcomer.py").touch()
    done = lint(root, tree)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_the_arrows_of_the_drawing_are_allowed(tmp_path: Path, tree: Path) -> None:
    grow(tmp_path, [(above, below) for above, allowed in ALLOWED.items() for below in allowed])
    done = lint(tmp_path, tree)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("importer", "imported"), FORBIDDEN + FOREIGN)
def test_an_arrow_that_is_not_drawn_is_refused(
    complaints: str, importer: str, imported: str
) -> None:
    source = f"hikae.{importer}.to_{imported.replace('.', '_')}"
    target = imported if (importer, imported) in FOREIGN else f"hikae.{imported}"
    assert re.search(rf"{re.escape(source)} -> {re.escape(target)}\b", complaints), complaints


def test_every_contract_can_be_broken(complaints: str, tree: Path) -> None:
    contracts = tomllib.loads((tree / "pyproject.toml").read_text())["tool"]["importlinter"]
    for contract in contracts["contracts"]:
        assert re.search(rf"{re.escape(contract['name'])}\s+BROKEN", complaints), contract["name"]


def test_a_part_without_a_place_in_the_drawing_is_refused(complaints: str) -> None:
    assert "newcomer" in complaints


@pytest.mark.parametrize("use", ["agent", "cloud", "desktop", "dev", "simbank"])
def test_every_requirement_is_one_version_with_its_hashes(tree: Path, use: str) -> None:
    pinned = (tree / "requirements" / f"{use}.txt").read_text().replace("\\\n", "")
    lines = [line for line in pinned.splitlines() if line]
    assert lines
    for line in lines:
        assert re.match(r"[\w.\[\]-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line), line


@pytest.mark.parametrize("use", ["agent", "cloud", "desktop", "simbank"])
def test_what_people_run_is_what_is_tested(tree: Path, use: str) -> None:
    def pins(name: str) -> dict[str, str]:
        text = (tree / "requirements" / f"{name}.txt").read_text()
        return dict(re.findall(r"^([\w.-]+)(?:\[.*\])?==(\S+)", text, re.MULTILINE))

    assert pins(use).items() <= pins("dev").items()
