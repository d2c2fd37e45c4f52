"""Gate: nothing in the tree names a package registry or a path of somebody's machine.

Which registry serves a person, and where their work tree lies, is theirs to choose.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from scripts.tree import files

FORBIDDEN = {
    "an address of a package registry": re.compile(
        r"pypi[.]org|pythonhosted[.]org|registry[.]npmjs|deb[.]debian[.]org|crates[.]io"
        r"|conda[.]anaconda|archive[.]ubuntu",
        re.IGNORECASE,
    ),
    "a choice of a package registry": re.compile(r"^\s*--(?:extra-)?index-url|^\s*--find-links"),
    "a path of one machine": re.compile(
        r"(?<![\w.~}-])/(?:home|Users|root|work|mnt)/[\w.]|\b[A-Z]:\\Users\\[\w.]"
    ),
}


def main() -> int:
    """Print every line of the tree that holds such words."""
    root = Path.cwd()
    complaints = [
        f"{path.relative_to(root)}:{complaint}"
        for path in files(root)
        for complaint in forbidden_words(_text(path))
    ]
    print(*complaints, sep="\n") if complaints else print("no word is out of place")
    return 1 if complaints else 0


def forbidden_words(text: str) -> Iterator[str]:
    """Yield line number, reason and words for each line that holds some."""
    for number, line in enumerate(text.splitlines(), 1):
        for reason, pattern in FORBIDDEN.items():
            if found := pattern.search(line):
                yield f"{number}: {reason}: {found[0].strip()}"


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:  # a picture, or a bank's file in cp932
        return ""


if __name__ == "__main__":
    sys.exit(main())
