"""How sure a balance is, in words."""

from django.utils.translation import gettext as _

from hikae.cloud.pages import wording
from hikae.cloud.statements.balances.held import Held
from hikae.model.language import Language


def sureness(held: Held, language: Language) -> str:
    """Why the amount may be relied upon, or not."""
    if held.at is None:
        return _("残高の記録なし")
    if not held.is_sure:
        return _("%(day)sの残高") % {"day": wording.day(held.at, language)}
    if held.holes:
        return _("この日までに明細のない期間が%(count)sつ") % {"count": len(held.holes)}
    return _("確かめ済み")
