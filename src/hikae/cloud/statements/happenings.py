"""What happens to a row when a statement joins the books, as pages show it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from hikae.cloud.statements.closing.holding import Event
from hikae.cloud.statements.models import Change
from hikae.model.changes import Added, Corrected, Moved, Removed
from hikae.model.statement import Transaction


@dataclass(frozen=True, slots=True)
class Happening:
    """before, after: the row; None where there is none."""

    kind: Change.Kind
    before: Transaction | None
    after: Transaction | None

    @property
    def words(self) -> str:
        """What happens."""
        match self.kind:
            case Change.Kind.ADDED:
                return _("追加")
            case Change.Kind.MOVED:
                return _("日付が変わる")
            case Change.Kind.CORRECTED:
                return _("金額が変わる")
            case Change.Kind.REMOVED:
                return _("なくなる")

    @property
    def said(self) -> str:
        """What the row is about."""
        row = self.after or self.before
        return (row.description or row.counterparty or "") if row else ""


def happening(event: Event) -> Happening:
    """An event of the model's rules."""
    match event:
        case Added():
            return Happening(Change.Kind.ADDED, None, event.row.transaction)
        case Moved():
            return Happening(Change.Kind.MOVED, event.before, event.after)
        case Corrected():
            return Happening(Change.Kind.CORRECTED, event.before, event.after)
        case Removed():
            return Happening(Change.Kind.REMOVED, event.before, None)
