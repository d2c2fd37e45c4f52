"""What is raised for a file that cannot be read as what it claims to be."""

from hikae.formats.cleaning import clean
from hikae.model.problems import Problem, ProblemCode, ProblemError

_LONGEST_SHOWN = 80


class UnreadableFile(ProblemError):  # noqa: N818 - named like the problem that it carries
    """A file is damaged or of no known format; nothing of it is used.

    record, row: where, counted from 1 (records of fixed length, rows of a CSV), None where the
    file as a whole is meant. expected, found: names and figures as the file's format writes them.
    """

    def __init__(
        self,
        file: str,
        *,
        expected: str,
        found: str,
        record: int | None = None,
        row: int | None = None,
    ) -> None:
        """Carry the problem unreadable_file; what was found is cleaned and cut short."""
        self.file, self.record, self.row = _shown(file), record, row
        self.expected, self.found = clean(expected) or "", _shown(found) or "(空白)"
        details: dict[str, str | int] = {"file": self.file}
        if record is not None:
            details["record"] = record
        if row is not None:
            details["row"] = row
        details |= {"expected": self.expected, "found": self.found}
        super().__init__(Problem(ProblemCode.UNREADABLE_FILE, details))

    @property
    def place(self) -> str:
        """The place in the file in words, empty for the whole."""
        if self.record is not None:
            return f"record {self.record}"
        return f"row {self.row}" if self.row is not None else ""

    def __str__(self) -> str:
        """One line: file, place, what was expected, what was found."""
        where = f"{self.file}: {self.place}" if self.place else self.file
        return f"{where}: expected {self.expected}, found {self.found}"


def _shown(text: str) -> str:
    cleaned = clean(text) or ""
    return cleaned if len(cleaned) <= _LONGEST_SHOWN else f"{cleaned[:_LONGEST_SHOWN]}…"
