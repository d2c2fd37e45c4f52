"""What can go wrong in a bank's dialog, each ending in one Problem.

BankError
├── PageError                the page is not the one that the dialog was written for
│   ├── LabelMissingError    nothing carries the label
│   ├── LabelAmbiguousError  several things do
│   ├── NotUsableError       it is there, but a person could not use it either
│   ├── NotAFileError        a page came where a file was to come
│   └── TooManyPagesError    the dialog does not come to an end
├── ForbiddenError           a step that only reading never needs; nothing was sent
│   ├── ForbiddenFieldError  a password that moves money, or a table of codes
│   ├── ForbiddenPressError  a label that the family does not list
│   └── ForbiddenReachError  a place that the family does not list
├── LoginIncompleteError     the login information lacks what the bank asks for
├── UnknownFamilyError       an institution of a family that this program does not know
└── StalePageError           a page was used that the bank has replaced
"""

import re
from collections.abc import Iterable

from hikae.model.problems import Problem, ProblemCode, ProblemError

_LISTED = 12
_LONG_NUMBER = re.compile(r"\d{4}")
_LISTED_LENGTH = 40


class BankError(ProblemError):
    """A dialog with a bank that could not go on."""


class PageError(BankError):
    """A page that the dialog was not written for: site_changed, with what was seen where."""

    def __init__(self, heading: str, bank_words: str = "", **details: str | int) -> None:
        """`heading` names the page; the details hold labels only, never what stands in fields."""
        seen: dict[str, str | int] = {"heading": heading, **details}
        super().__init__(Problem(ProblemCode.SITE_CHANGED, seen, bank_words))


class LabelMissingError(PageError):
    """Nothing on the page carries the label."""

    def __init__(self, heading: str, wanted: str, found: Iterable[str]) -> None:
        """`found`: the labels that there are."""
        super().__init__(heading, wanted=_listed([wanted]), found=_listed(found))


class LabelAmbiguousError(PageError):
    """Several different things carry the label."""

    def __init__(self, heading: str, wanted: str, candidates: Iterable[str]) -> None:
        """`candidates`: what carries the label, each as it can be told apart."""
        super().__init__(heading, wanted=_listed([wanted]), candidates=_listed(candidates))


class NotUsableError(PageError):
    """What carries the label cannot be used without scripts, or at all."""

    def __init__(self, heading: str, wanted: str, reason: str) -> None:
        """`reason`: why not."""
        super().__init__(heading, wanted=wanted, reason=reason)


class NotAFileError(PageError):
    """A download was answered by a page, which is open now."""

    def __init__(self, heading: str, wanted: str) -> None:
        """`heading`: of the page that came."""
        super().__init__(heading, wanted=wanted)


class TooManyPagesError(PageError):
    """More pages than a dialog of reading needs."""

    def __init__(self, heading: str, limit: int) -> None:
        """`limit`: what was allowed."""
        super().__init__(heading, limit=limit)


class ForbiddenError(BankError):
    """Refused before anything was sent: a dialog only reads."""

    def __init__(self, heading: str, refused: str) -> None:
        """`refused`: the label or place."""
        details = {"heading": heading, "refused": refused}
        super().__init__(Problem(ProblemCode.SITE_CHANGED, details))


class ForbiddenFieldError(ForbiddenError):
    """A field for a password that moves money, or for a table of codes."""


class ForbiddenPressError(ForbiddenError):
    """A label that the family does not press."""


class ForbiddenReachError(ForbiddenError):
    """A place that the family does not go to, whatever the button was called."""


class LoginIncompleteError(BankError):
    """The login information was typed for other fields than the bank asks for now."""

    def __init__(self, field: str) -> None:
        """`field`: the name that is missing."""
        details = {"part": "login", "field": field}
        super().__init__(Problem(ProblemCode.REGISTRATION_REQUIRED, details))


class UnknownFamilyError(BankError):
    """The catalogue is newer than the program."""

    def __init__(self, family: str) -> None:
        """`family`: as the catalogue calls it."""
        super().__init__(Problem(ProblemCode.AGENT_OUTDATED, {"family": family}))


class StalePageError(BankError):
    """A page that is no longer open was used; a mistake of the dialog's author."""

    def __init__(self, heading: str) -> None:
        """`heading`: of the old page."""
        super().__init__(Problem(ProblemCode.INTERNAL, {"heading": heading}))


def _listed(labels: Iterable[str]) -> str:
    """The first few different labels, each bounded, for a message.

    What holds a long number is the row of an account rather than a label, and is not shown.
    """
    shown = ("…" if _LONG_NUMBER.search(label) else label[:_LISTED_LENGTH] for label in labels)
    different = list(dict.fromkeys(filter(None, shown)))
    more = " …" if len(different) > _LISTED else ""
    return " / ".join(different[:_LISTED]) + more
