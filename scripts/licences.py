"""Gate: what people run may be under permissive licences, MPL, PSF or LGPL only.

It reads the metadata of what is installed, so it speaks of this platform's packages. The
packages that people run are the extras of `hikae` and all that these require; everything else
is for development, where the GPL packages named below may serve tests.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import Distribution, distributions

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = "hikae"
RUN_TIME_EXTRAS = ("agent", "desktop", "cloud", "simbank")
GPL_IN_TESTS = frozenset({"beancount", "ofxtools"})

# Packages whose metadata says nothing, by what their LICENSE file says.
IN_A_FILE_ONLY = {"atheris": "Apache-2.0"}

# The names of licences as `_family` leaves them.
ACCEPTED = frozenset(
    {
        *("apache", "apache software", "bsd", "hpnd", "isc", "iscl", "mit", "mit cmu"),
        *("unlicense", "zlib", "mpl", "psf", "python", "cnri python"),
        *("python software foundation", "lgpl"),
    }
)
GPL = frozenset({"gpl", "gnu general public"})


def main() -> int:
    """Print every package whose licence is not accepted where it is used."""
    installed = {str(canonicalize_name(found.name)): found for found in distributions()}
    complaints = list(complain(installed))
    print(*complaints, sep="\n") if complaints else print(f"{len(installed)} licences are fine")
    return 1 if complaints else 0


def complain(installed: Mapping[str, Distribution]) -> Iterator[str]:
    """Yield one sentence for each package that may not be used where it is used."""
    run_time = closure(installed, PROJECT, RUN_TIME_EXTRAS)
    for name, distribution in sorted(installed.items()):
        licence = licence_of(distribution)
        if is_accepted(licence):
            continue
        if name in run_time:
            yield f"{name}: people run it, and its licence is {licence or 'not stated'}"
        elif not (name in GPL_IN_TESTS and _family(licence) in GPL):
            yield f"{name}: its licence is {licence or 'not stated'}"


def closure(
    installed: Mapping[str, Distribution], project: str, extras: Iterable[str]
) -> frozenset[str]:
    """Return the installed packages that the extras of a project require, however indirectly."""
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()
    waiting = [(project, extra) for extra in ("", *extras)]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen or name not in installed:
            continue
        seen.add((name, extra))
        found.add(name)
        for text in installed[name].requires or ():
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                required = canonicalize_name(requirement.name)
                waiting += [(required, inner) for inner in ("", *requirement.extras)]
    return frozenset(found)


def licence_of(distribution: Distribution) -> str:
    """Return the licence as an expression of SPDX kind.

    Metadata says it in one of three ways: as an expression, as free text, as classifiers. Free
    text counts only where it is a name or an expression and not a sentence or a whole licence;
    several classifiers must all be accepted, since they do not say which of them are a choice.
    """
    expression = _field(distribution, "License-Expression")
    text = _field(distribution, "License")
    if expression or is_accepted(text):
        return expression or text
    classifiers = distribution.metadata.get_all("Classifier", [])
    names = [name for name in classifiers if name.startswith("License :: ")]
    stated = " AND ".join(name.split(" :: ")[-1] for name in names) or text.partition("\n")[0]
    return stated or IN_A_FILE_ONLY.get(canonicalize_name(distribution.name), "")


def is_accepted(licence: str) -> bool:
    """Say whether one side of each OR is accepted with all that it joins by AND."""
    while group := re.search(r"\(([^()]* (?:OR|AND) [^()]*)\)", licence):
        verdict = "MIT" if is_accepted(group[1]) else "refused"
        licence = licence[: group.start()] + verdict + licence[group.end() :]
    return any(
        all(_family(name) in ACCEPTED for name in choice.split(" AND "))
        for choice in licence.split(" OR ")
    )


def _family(name: str) -> str:
    """Return the name of a licence without version and filling words: LGPL-3.0-only is lgpl."""
    abbreviated = re.search(r"\(([A-Z]+[^()]*)\)$", name)
    plain = abbreviated[1] if abbreviated else name
    plain = re.sub(r"v?\d[\d.]*\+?", " ", plain.lower())
    filling = {"clause", "later", "licence", "license", "only", "or", "the", "version"}
    return " ".join(word for word in re.findall(r"[a-z]+", plain) if word not in filling)


def _field(distribution: Distribution, name: str) -> str:
    stated = distribution.metadata.get_all(name, [])
    return str(stated[0]) if stated else ""


if __name__ == "__main__":
    sys.exit(main())
