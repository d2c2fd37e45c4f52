"""Which rows a person wants to see."""

from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hikae.cloud.statements.books import ShownAccount, Wanted, Way
from hikae.cloud.statements.labels import name_of

_LONGEST = 100


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
        self.order_fields(["account"])

    @property
    def account_chosen(self) -> ShownAccount | None:
        """The one account whose rows are wanted."""
        return self.accounts.get(self.cleaned_data.get("account") or "")

    def wanted(self) -> Wanted:
        """What the valid part of the form asks for."""
        said = self.cleaned_data
        account = self.account_chosen
        return Wanted(
            account=account.id if account else None,
            since=said.get("since"),
            until=said.get("until"),
            way=said.get("way"),
            words=said.get("words", ""),
        )
