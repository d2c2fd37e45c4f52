"""What people type about a registration. Login information goes in and is never shown again."""

from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from hikae.catalogue.institution import Institution, LoginField
from hikae.cloud.connections.choosing import Choices
from hikae.model.secret import Secret

_LONGEST = 200
_PREFIX = "login_"


class LoginForm(forms.Form):
    """The login fields of an institution, empty whatever is kept and whatever was typed."""

    device = forms.ChoiceField(
        label=_("取得するパソコン"),
        help_text=_("電子証明書の入ったパソコンを選びます。"),
        required=False,
    )

    def __init__(
        self,
        institution: Institution,
        devices: Choices,
        data: QueryDict | None = None,
        present: UUID | None = None,
    ) -> None:
        """devices: to choose among, if any. data: the request's POST, None for an empty form.

        present: the PC that serves the registration now.
        """
        super().__init__(data, initial={"device": str(present or "")})
        if devices:
            self._offer(devices)
        else:
            del self.fields["device"]
        self.institution = institution
        for wanted in institution.login:
            self.fields[_PREFIX + wanted.name] = _login_field(wanted)
        self.order_fields([_PREFIX + wanted.name for wanted in institution.login])

    @property
    def login_fields(self) -> list[forms.BoundField]:
        """The login fields alone, for the template."""
        return [self[_PREFIX + wanted.name] for wanted in self.institution.login]

    @property
    def chosen_device(self) -> UUID | None:
        """The PC that was chosen; None for one's own, or for the one that serves already."""
        chosen = self.cleaned_data.get("device")
        return UUID(chosen) if chosen else None

    def _offer(self, devices: Choices) -> None:
        field = self.fields["device"]
        if isinstance(field, forms.ChoiceField):
            field.choices = devices

    def login(self) -> dict[str, Secret]:
        """What was typed, by the names of the institution's login fields."""
        return {
            wanted.name: Secret(self.cleaned_data[_PREFIX + wanted.name])
            for wanted in self.institution.login
        }


class DetailsForm(forms.Form):
    """What is known of a registration beside its login information."""

    start_on = forms.DateField(
        label=_("開始日"),
        help_text=_(
            "この日より前の明細は取り込みません。空欄なら、銀行で見られるいちばん古い日からです。"
        ),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    user_id = forms.CharField(
        label=_("電子証明書の利用者ID"),
        help_text=_(
            "電子証明書に表示される利用者IDがわかるときに入力すると、選び間違いを防げます。"
        ),
        required=False,
        max_length=_LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class RegistrationForm(LoginForm, DetailsForm):
    """A new registration."""

    def __init__(
        self, institution: Institution, devices: Choices, data: QueryDict | None = None
    ) -> None:
        """The user ID is asked only where the bank's certificates show one."""
        super().__init__(institution, devices, data)
        if not institution.shows_user_id:
            del self.fields["user_id"]


class AnswerForm(forms.Form):
    """The answer to 追加認証."""

    answer = forms.CharField(max_length=_LONGEST)


def _login_field(wanted: LoginField) -> forms.CharField:
    # Never rendered with a value: what was typed must not come back in a page.
    concealed = {"autocomplete": "new-password" if wanted.secret else "off", "spellcheck": "false"}
    widget = forms.PasswordInput if wanted.secret else _Unechoed
    return forms.CharField(
        label=wanted.label,
        help_text=format_html_join(mark_safe("<br>"), "{}", _told(wanted)),
        max_length=_LONGEST,
        strip=False,
        widget=widget(attrs={"autocapitalize": "off", **concealed}),
    )


def _told(wanted: LoginField) -> list[tuple[str]]:
    return [(text,) for text in (wanted.hint, wanted.where) if text]


class _Unechoed(forms.TextInput):
    """A visible field that stays empty when the form is shown again."""

    def format_value(self, value: object) -> None:  # noqa: ARG002 - Django's signature
        """Nothing of what was typed."""
        return
