"""Statements that the cloud would not take, written to files so that nothing of them is lost."""

import os
from pathlib import Path

from hikae.agent.outbox import Outbox, Parcel
from hikae.formats.writers import statement_json
from hikae.model.problems import Problem, ProblemCode, ProblemError


class SettingAsideError(ProblemError):
    """A file could not be written: disk_full, naming the folder."""


def set_aside(outbox: Outbox, folder: Path) -> list[Path]:
    """Write each refused statement to a JSON file of its own, then forget it; the files.

    Only this user may read them. Interrupted anywhere, a repeated call writes the same files.
    Raises SettingAsideError, StorageError.
    """
    written = []
    for parcel, _ in outbox.refusals():
        path = folder / _name(parcel)
        pieces = statement_json.write([outbox.statement(parcel)], lambda _: None)
        _write(path, b"".join(pieces))
        outbox.forget(parcel.id)
        written.append(path)
    return written


def _name(parcel: Parcel) -> str:
    head = parcel.head
    days = f"{head.period.first:%Y%m%d}-{head.period.last:%Y%m%d}-" if head.period else ""
    number = "".join(filter(str.isalnum, head.account.number))
    return f"{number}-{days}{parcel.id}.json"


def _write(path: Path, content: bytes) -> None:
    draft = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        details = {"folder": str(path.parent)}
        raise SettingAsideError(Problem(ProblemCode.DISK_FULL, details)) from error
