"""The files that belong to the tree: tracked ones and new ones, nothing that is ignored."""

import subprocess
from pathlib import Path


def files(root: Path) -> list[Path]:
    """Return the files of the git work tree at `root` that exist, sorted by path."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 -- git is where the system has it
        cwd=root,
        check=True,
        capture_output=True,
    ).stdout.decode()
    paths = {root / name for name in listed.split("\0") if name}
    return sorted(path for path in paths if path.is_file())
