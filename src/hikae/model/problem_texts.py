"""What people read of a Problem: title, message, remedy in their language.

The entries stand by theme in `wordings`; here they become one closed table, and `render` puts a
problem's details into its texts.
"""

import re
from collections.abc import Mapping
from datetime import date

from hikae.model.language import Language
from hikae.model.problems import Needs, Problem, ProblemCode, Retry
from hikae.model.statement import Period
from hikae.model.time_words import day_words, moment_words, period_words
from hikae.model.wordings import (
    bank,
    certificates,
    enrolment,
    network,
    program,
    sign_in,
    statements,
)
from hikae.model.wordings.entry import ProblemEntry, ProblemTexts

__all__ = [
    "ENTRIES",
    "ProblemEntry",
    "ProblemTexts",
    "needs_of",
    "render",
    "retry_of",
    "texts",
]

ENTRIES: Mapping[ProblemCode, ProblemEntry] = {
    **enrolment.ENTRIES,
    **sign_in.ENTRIES,
    **certificates.ENTRIES,
    **bank.ENTRIES,
    **network.ENTRIES,
    **statements.ENTRIES,
    **program.ENTRIES,
}

_OPTIONAL = re.compile(r"⟨([^|⟩]*)\|?([^⟩]*)⟩")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def retry_of(code: ProblemCode) -> Retry:
    """When the same thing may be tried again without a person."""
    return ENTRIES[code].retry


def needs_of(code: ProblemCode) -> Needs:
    """Who must act before it can work."""
    return ENTRIES[code].needs


def texts(code: ProblemCode, language: Language) -> ProblemTexts:
    """The texts where nothing more is known than the code."""
    return render(Problem(code), language)


def render(problem: Problem, language: Language) -> ProblemTexts:
    """The texts with the problem's details in them.

    A part between ⟨ and ⟩ is said only where each detail in it is known; what follows | stands
    in its place otherwise. Details are put in as they are and never read as placeholders.
    """
    entry = ENTRIES[problem.code]
    template = entry.ja if language is Language.JAPANESE else entry.en
    details = _spoken(problem, language)
    return ProblemTexts(
        _filled(template.title, details),
        _filled(template.message, details),
        _filled(template.remedy, details),
    )


def _filled(template: str, details: Mapping[str, str]) -> str:
    def part(match: re.Match[str]) -> str:
        said, otherwise = match.groups()
        if all(name in details for name in _PLACEHOLDER.findall(said)):
            return _PLACEHOLDER.sub(lambda name: details[name[1]], said)
        return otherwise

    return _OPTIONAL.sub(part, template)


def _spoken(problem: Problem, language: Language) -> dict[str, str]:
    """Details as words: amounts grouped, days and moments as people read them.

    `expected` and `found` are grouped as amounts; `first` and `last` (ISO days) become `period`,
    `until` (ISO day) a day; `retry_at` comes from the problem itself.
    """
    given = problem.details
    spoken = {
        name: f"{value:,}"
        if isinstance(value, int) and name in {"expected", "found"}
        else str(value)
        for name, value in given.items()
        if value != ""
    }
    if "first" in given and "last" in given:
        period = Period(_day(given["first"]), _day(given["last"]))
        spoken["period"] = period_words(period, language)
    if "until" in given:
        spoken["until"] = day_words(_day(given["until"]), language)
    if problem.retry_at is not None:
        spoken["retry_at"] = moment_words(problem.retry_at, language)
    return spoken


def _day(detail: str | int) -> date:
    return date.fromisoformat(str(detail))
