"""Which month of which account to close."""

from collections.abc import Iterable
from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hikae.cloud.statements.books import ShownAccount
from hikae.cloud.statements.labels import name_of


class CloseForm(forms.Form):
    """A month, of all accounts or of one."""

    month = forms.DateField(
        label=_("締める月"),
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
        help_text=_("この月までを締めます。例: 2026-10"),
    )

    use_required_attribute = False

    def __init__(
        self,
        accounts: Iterable[ShownAccount],
        data: QueryDict | None = None,
        initial: dict[str, date] | None = None,
    ) -> None:
        """accounts: those that may be closed alone."""
        super().__init__(data, initial=initial)
        names = [(str(account.id), name_of(account)) for account in accounts]
        self.fields["account"] = forms.ChoiceField(
            label=_("口座"), required=False, choices=[("", _("すべての口座")), *names]
        )
        self.order_fields(["account", "month"])
