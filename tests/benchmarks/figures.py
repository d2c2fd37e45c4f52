"""A figure with its limit, and how figures are printed and kept."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

RESULTS = Path(__file__).parents[2] / "bench" / "results.json"


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured. bound: which side of the limit is the good one."""

    name: str
    figure: float
    unit: str
    limit: float
    bound: Literal["at most", "at least"] = "at most"

    @property
    def within(self) -> bool:
        """Whether the limit is kept."""
        if self.bound == "at most":
            return self.figure <= self.limit
        return self.figure >= self.limit

    def line(self) -> str:
        """One line for people."""
        verdict = "ok" if self.within else "MISSED"
        shown = f"{self.figure:8.2f} {self.unit:5}"
        return f"{self.name:30} {shown} ({self.bound} {self.limit:g})  {verdict}"


def write(figures: Iterable[Figure]) -> None:
    """Keep the figures as a list of objects; others of before stay."""
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else []
    found = {each["name"]: each for each in kept} | {
        each.name: {
            "name": each.name,
            "figure": round(each.figure, 3),
            "unit": each.unit,
            "limit": each.limit,
            "within": each.within,
        }
        for each in figures
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(list(found.values()), indent=2) + "\n", encoding="utf-8")
