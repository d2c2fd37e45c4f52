"""What people choose about themselves."""

from allauth.account.forms import LoginForm, ReauthenticateForm
from django import forms
from django.utils.translation import gettext_lazy as _

from hikae.cloud.people.models import Language


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth has no types
    """E-mail and password, said by labels alone; there is no way to reset a password yet."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        """As allauth makes it, without its placeholders and its link."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.help_text = ""
            field.widget.attrs.pop("placeholder", None)


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The password once more, before what must not be done by whoever finds an open browser."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        """As allauth makes it, without its placeholder and its link."""
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("パスワード")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)


class HeirForm(forms.Form):
    """The member who is asked to become the owner."""

    member = forms.UUIDField()


class LanguageForm(forms.Form):
    """The language to be spoken to in."""

    language = forms.ChoiceField(choices=Language.choices)


class OrganisationForm(forms.Form):
    """The organisation to work for."""

    organisation = forms.UUIDField()
