"""What people type about their accounts: labels alone say what goes where."""

from allauth.account import forms as account
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hikae.cloud.people.models import Language, User
from hikae.cloud.people.organisations import found


class Unadorned:
    """Fields without allauth's placeholders, links and markup."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: object, **kwargs: object) -> None:
        """As allauth makes it; a new password says what it must be like."""
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            new = field.widget.attrs.get("autocomplete") == "new-password"
            says = new and name != "password2"
            field.help_text = " ".join(password_validators_help_texts()) if says else ""
            field.widget.attrs.pop("placeholder", None)


class SignInForm(Unadorned, account.LoginForm):  # type: ignore[misc]  # allauth has no types
    """E-mail and password."""


class SignUpForm(Unadorned, account.SignupForm):  # type: ignore[misc]  # allauth has no types
    """A person, and the organisation whose books they want to keep."""

    field_order = ("organisation", "name", "email", "password1")
    organisation = forms.CharField(label=_("事業者名"), max_length=200)
    name = forms.CharField(label=_("お名前"), max_length=200)

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        """The person with their organisation; both are deleted when nobody confirms the address."""
        person: User = super().save(request)
        person.name = self.cleaned_data["name"]
        person.language = Language.ENGLISH if _is_english(request) else Language.JAPANESE
        person.save(update_fields=["name", "language"])
        found(person, self.cleaned_data["organisation"])
        return person


class PasswordAgainForm(Unadorned, account.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The password once more, before what must not be done by whoever finds an open browser."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        """As allauth makes it, under its plain name."""
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("パスワード")


class ForgottenForm(Unadorned, account.ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """The address to which the way to a new password is sent."""


class NewPasswordForm(Unadorned, account.ResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    """A new password in place of a forgotten one."""


class ChangePasswordForm(Unadorned, account.ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    """The password, and the one to use from now on."""


class FirstPasswordForm(Unadorned, account.SetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """A password for somebody who came by a link so far."""


class Coded(Unadorned):
    """A code to type, whatever it comes from."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        """As allauth makes it, under one name."""
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("コード")


class CodeForm(Coded, AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The second step of signing in."""


class CodeAgainForm(Coded, ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """A code once more, in place of the password."""


class FirstCodeForm(Coded, ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """The first code of an authenticator app, which proves that it has the secret."""


class PasskeyForm(Unadorned, AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A passkey, under a name of one's own."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        """As allauth makes it, under its plain name."""
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("名前")


def _is_english(request: HttpRequest) -> bool:
    return str(getattr(request, "LANGUAGE_CODE", "")).startswith("en")
