"""What a person gives with a file, and what they say of it that it does not say itself."""

from collections.abc import Iterable

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from hikae.cloud.institutions.offer import catalogue, title_of
from hikae.cloud.pages.labels import ACCOUNT_KINDS
from hikae.cloud.statements.books import ShownAccount
from hikae.cloud.statements.imports.owners import Missing, Said
from hikae.cloud.statements.labels import name_of
from hikae.model.account import AccountKind


class UploadForm(forms.Form):
    """The file, and when the person got it from the bank."""

    file = forms.FileField(
        label=_("ファイル"),
        help_text=_(
            "全銀、ANSER、銀行のCSV、OFXを読み取れます。銀行から取ったまま、開かずに選んでください。"
            "大きさは32 MBまでです。"
        ),
        error_messages={
            "required": _("ファイルを選んでください。32 MBを超えるファイルは受け取れません。"),
            "empty": _("ファイルが空です。銀行から取り直してください。"),
        },
    )
    got_on = forms.DateField(
        label=_("銀行から取った日"),
        help_text=_("前に取っておいたファイルなら、その日に直してください。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    institution = forms.RegexField(r"^[0-9]{4}$", required=False, widget=forms.HiddenInput)

    use_required_attribute = False


class OwnerForm(forms.Form):
    """Whose account a file speaks of."""

    institution = forms.ChoiceField(label=_("金融機関"), required=False)
    code = forms.CharField(
        label=_("銀行コード"),
        required=False,
        help_text=_("一覧にない金融機関のときだけ、4桁の数字を入力してください。"),
        validators=[RegexValidator(r"^[0-9]{4}$", _("4桁の数字を入力してください。"))],
    )
    account = forms.ChoiceField(label=_("口座"), required=False)
    branch_code = forms.CharField(
        label=_("支店番号"),
        required=False,
        validators=[RegexValidator(r"^[0-9]{3}$", _("3桁の数字を入力してください。"))],
    )
    kind = forms.ChoiceField(label=_("預金の種類"), choices=list(ACCOUNT_KINDS.items()))
    number = forms.CharField(
        label=_("口座番号"),
        required=False,
        validators=[RegexValidator(r"^[0-9]{7,10}$", _("7桁以上の数字を入力してください。"))],
    )

    use_required_attribute = False

    def __init__(
        self,
        missing: Missing,
        accounts: Iterable[ShownAccount],
        institution: str = "",
        data: QueryDict | MultiValueDict[str, str] | None = None,
    ) -> None:
        """Only what is missing is asked. accounts: those to choose among; institution: as said."""
        super().__init__(data, initial={"institution": institution})
        self.accounts = {str(account.id): account for account in accounts}
        offered = self._offered(institution)
        known = [(key, name_of(account)) for key, account in self.accounts.items()]
        self._choices("institution", [("", _("選んでください")), *offered])
        self._choices("account", [("", _("新しい口座")), *known])
        if not missing.account or not known:
            del self.fields["account"]
        if not missing.account:
            for name in ("branch_code", "kind", "number"):
                del self.fields[name]
        if not missing.institution:
            for name in ("institution", "code"):
                del self.fields[name]
        first = ["account"] if missing.account else []
        self.order_fields([*first, "institution", "code", "branch_code", "kind", "number"])

    def clean(self) -> dict[str, object]:
        """An account that is known says all; else bank and number are needed."""
        said: dict[str, object] = super().clean() or {}
        if said.get("account"):
            return said
        if "institution" in self.fields and not (said.get("institution") or said.get("code")):
            self.add_error("institution", _("金融機関を選んでください。"))
        if "number" in self.fields and not said.get("number") and "number" not in self.errors:
            self.add_error("number", _("口座番号を入力してください。"))
        return said

    def said(self) -> Said:
        """What the valid form says."""
        given = self.cleaned_data
        known = self.accounts.get(given.get("account") or "")
        if known is not None:
            return Said(known.institution, known.branch_code, known.kind, known.number)
        return Said(
            institution=given.get("code") or given.get("institution") or "",
            branch_code=given.get("branch_code") or "",
            kind=AccountKind(given.get("kind") or AccountKind.ORDINARY),
            number=given.get("number") or "",
        )

    def _offered(self, said: str) -> list[tuple[str, str]]:
        """Banks to choose among: the one said before, those of known accounts, the catalogue's."""
        known = [said, *(account.institution for account in self.accounts.values())]
        shipped = [each.code for each in catalogue().institutions]
        return [(code, title_of(code)) for code in dict.fromkeys([*known, *shipped]) if code]

    def _choices(self, name: str, choices: list[tuple[str, object]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
