"""What stands in the table for each code."""

from dataclasses import dataclass

from hikae.model.problems import Needs, Retry


@dataclass(frozen=True, slots=True)
class ProblemTexts:
    """title: a few words; message: what happened; remedy: what to do now."""

    title: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class ProblemEntry:
    """One code: when to try again, who must act, and the texts."""

    retry: Retry
    needs: Needs
    ja: ProblemTexts
    en: ProblemTexts
