"""Problems as the tables keep them: JSON of `hikae.model.problems.Problem`."""

from typing import Any

import msgspec

from hikae.model.problems import Problem


def keep_problem(problem: Problem | None) -> dict[str, Any] | None:
    """For a JSON column."""
    if problem is None:
        return None
    kept: dict[str, Any] = msgspec.to_builtins(problem)
    return kept


def read_problem(kept: object) -> Problem | None:
    """From a JSON column."""
    return None if kept is None else msgspec.convert(kept, Problem)
