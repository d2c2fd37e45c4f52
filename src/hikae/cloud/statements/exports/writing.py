"""Writing the file of an export, and telling what the form could not hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import BinaryIO

from hikae.cloud.statements.exports.names import bookkeeping, proposed
from hikae.cloud.statements.exports.record import Place, Reason, Refusal, Told
from hikae.cloud.statements.exports.selection import Extent, Selection
from hikae.cloud.statements.exports.statements import (
    BalancesNeededError,
    Passed,
    Tape,
    statement,
)
from hikae.cloud.statements.exports.targets import Format
from hikae.formats.writers.writer import Loss, Unwritable

_REMEMBERED = 100
"""Different losses that are remembered; the others are counted."""


@dataclass(slots=True)
class Outcome:
    """What came of writing: either a refusal, or a file that lost these texts.

    losses: by field, text and what is written.
    """

    refusal: Refusal | None = None
    losses: dict[tuple[str, str, str], Told] = field(default_factory=dict)
    loss_count: int = 0


def write(
    file: BinaryIO, extents: Sequence[Extent], selection: Selection, form: Format, now: datetime
) -> Outcome:
    """Write the rows of `extents`, all of one file; what is refused leaves a file to throw away."""
    if not extents:
        return Outcome(Refusal(Reason.NOTHING))
    outcome, tape = Outcome(), Tape()
    accounts = [extent.account for extent in extents]
    names = bookkeeping(proposed(selection.target, accounts), accounts)
    try:
        said = [statement(extent, selection, form, tape, now) for extent in extents]
        file.writelines(form.write(said, partial(_tell, outcome, tape), names))
    except BalancesNeededError as needed:
        why = Reason(needed.doubt.why)
        return Outcome(Refusal(why, needed.account.id, needed.doubt.days))
    except Unwritable as refused:
        row = _place(tape.at(refused.row))
        return Outcome(
            Refusal(Reason.UNWRITABLE, expected=refused.expected, found=refused.found, row=row)
        )
    return outcome


def _tell(outcome: Outcome, tape: Tape, loss: Loss) -> None:
    outcome.loss_count += 1
    same = (loss.field, loss.text, loss.written)
    known = outcome.losses.get(same)
    if known is not None:
        outcome.losses[same] = replace(known, times=known.times + 1)
    elif len(outcome.losses) < _REMEMBERED:
        outcome.losses[same] = Told(*same, _place(tape.at(loss.row)))


def _place(passed: Passed | None) -> Place | None:
    if passed is None:
        return None
    row = passed.row
    return Place(
        transaction=passed.id,
        booked_on=row.booked_on,
        amount=row.amount,
        currency=passed.account.currency,
        words=row.description or row.counterparty or "",
    )
