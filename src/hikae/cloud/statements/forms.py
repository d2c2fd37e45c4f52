"""Which rows a person wants to see."""

import unicodedata
from collections.abc import Iterable
from decimal import Decimal

from django import forms
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hikae.cloud.statements.books import Exported, ShownAccount, Wanted, Way
from hikae.cloud.statements.exports.marks import used_targets
from hikae.cloud.statements.exports.targets import TARGETS
from hikae.cloud.statements.labels import name_of

_LONGEST, _DIGITS = 100, 19
_AROUND = " +-−¥\\円"
"""What stands before or after an amount."""


class AmountField(forms.DecimalField):
    """An amount as people write it: with separators, wide figures, a sign of the currency."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: object) -> Decimal | None:
        """The amount without its sign; raises django's ValidationError."""
        written = unicodedata.normalize("NFKC", str(value or "")).strip(_AROUND).replace(",", "")
        cleaned: Decimal | None = super().clean(written)
        return cleaned


class FilterForm(forms.Form):
    """The filter above the rows; everything in it may stay empty."""

    since = forms.DateField(
        label=_("いつから"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("いつまで"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    way = forms.TypedChoiceField(
        label=_("入出金"),
        required=False,
        choices=[("", _("すべて")), (Way.IN, _("入金")), (Way.OUT, _("出金"))],
        coerce=Way,
        empty_value=None,
    )
    least = AmountField(label=_("金額の下限"), required=False, max_digits=_DIGITS, decimal_places=4)
    most = AmountField(label=_("金額の上限"), required=False, max_digits=_DIGITS, decimal_places=4)
    words = forms.CharField(
        label=_("言葉"),
        required=False,
        max_length=_LONGEST,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    use_required_attribute = False

    def __init__(self, data: QueryDict, accounts: Iterable[ShownAccount]) -> None:
        """`accounts`: those to choose among."""
        super().__init__(data)
        self.accounts = {str(account.id): account for account in accounts}
        names = [(key, name_of(account)) for key, account in self.accounts.items()]
        self.fields["account"] = forms.ChoiceField(
            label=_("口座"), required=False, choices=[("", _("すべて")), *names]
        )
        self._add_exported()
        self.order_fields(["account"])

    @property
    def account_chosen(self) -> ShownAccount | None:
        """The one account whose rows are wanted."""
        return self.accounts.get(self.cleaned_data.get("account") or "")

    def _add_exported(self) -> None:
        """Ask whether rows were exported, where something was."""
        used = used_targets()
        if not used:
            return
        choices = [
            (f"{target}-{answer}", format_lazy("{}: {}", name, words))
            for target, name in TARGETS.items()
            if target in used
            for answer, words in (("no", _("未出力")), ("yes", _("出力済")))
        ]
        self.fields["exported"] = forms.ChoiceField(
            label=_("出力"), required=False, choices=[("", _("すべて")), *choices]
        )

    def wanted(self) -> Wanted:
        """What the valid part of the form asks for."""
        said = self.cleaned_data
        account = self.account_chosen
        return Wanted(
            account=account.id if account else None,
            since=said.get("since"),
            until=said.get("until"),
            way=said.get("way"),
            least=said.get("least"),
            most=said.get("most"),
            words=said.get("words", ""),
            exported=_exported(said.get("exported") or ""),
        )


def _exported(choice: str) -> Exported | None:
    target, _, answer = choice.partition("-")
    return Exported(target, answer == "yes") if target else None
