"""What a person chooses for an export, and how programs call their accounts."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hikae.cloud.institutions.offer import title_of
from hikae.cloud.pages import wording
from hikae.cloud.pages.language import language
from hikae.cloud.statements.exports.names import Against, Names, OwnName
from hikae.cloud.statements.exports.targets import choices
from hikae.cloud.statements.forms import FilterForm
from hikae.cloud.statements.models import Account

_LONGEST = 100
_LONGEST_FILTER = 2_000


class ExportForm(forms.Form):
    """To which program, in which form, and whether only what it does not have yet."""

    format = forms.ChoiceField(label=_("出力先と形式"), choices=choices)
    only_new = forms.BooleanField(
        label=_("未出力の明細だけ"),
        required=False,
        initial=True,
        help_text=_("選んだ出力先にまだ出力していない明細だけにします。"),
    )
    filter = forms.CharField(required=False, max_length=_LONGEST_FILTER, widget=forms.HiddenInput)

    use_required_attribute = False


class NamesForm(forms.Form):
    """勘定科目 of each bank account, and of what stands against it."""

    receipts = forms.CharField(label=_("入金の相手の勘定科目"), max_length=_LONGEST)
    payments = forms.CharField(label=_("出金の相手の勘定科目"), max_length=_LONGEST)
    tax_class = forms.CharField(label=_("税区分"), max_length=_LONGEST)

    use_required_attribute = False

    def __init__(
        self,
        accounts: Sequence[Account],
        names: Names,
        data: QueryDict | None = None,
    ) -> None:
        """accounts: those to name. names: what is proposed."""
        against = names.against
        initial = {
            "receipts": against.receipts,
            "payments": against.payments,
            "tax_class": against.tax_class,
        }
        super().__init__(data, initial=initial)
        self.accounts = accounts
        for account in accounts:
            own = names.own[account.id]
            self.fields[f"subject-{account.id}"] = forms.CharField(
                label=_("勘定科目"), initial=own.subject, max_length=_LONGEST
            )
            self.fields[f"sub-{account.id}"] = forms.CharField(
                label=_("補助科目(freeeでは口座)"),
                initial=own.sub_subject,
                required=False,
                max_length=_LONGEST,
            )

    def rows(self) -> Iterator[tuple[str, Account, forms.BoundField, forms.BoundField]]:
        """Each account with the name of its bank and its two fields."""
        for account in self.accounts:
            bank = title_of(account.institution, account.bank_name)
            yield bank, account, self[f"subject-{account.id}"], self[f"sub-{account.id}"]

    def names(self) -> Names:
        """What the valid form says."""
        said = self.cleaned_data
        own = {
            account.id: OwnName(said[f"subject-{account.id}"], said[f"sub-{account.id}"])
            for account in self.accounts
        }
        return Names(own, Against(said["receipts"], said["payments"], said["tax_class"]))


def conditions(form: FilterForm) -> list[tuple[str, str]]:
    """What a filter says, as people read it; empty when it wants all rows."""
    return [
        (str(field.label), _shown(field.field, form.cleaned_data[field.name]))
        for field in form
        if form.cleaned_data.get(field.name) not in {None, ""}
    ]


def _shown(field: forms.Field, value: object) -> str:
    if isinstance(value, date):
        return wording.day(value, language())
    if isinstance(field, forms.ChoiceField):
        offered = cast("Iterable[tuple[object, object]]", field.choices)
        return str(dict(offered).get(value, value))
    return str(value)
