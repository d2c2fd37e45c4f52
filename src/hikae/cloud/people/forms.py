"""What people choose about themselves."""

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.http import QueryDict
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from hikae.cloud.pages.labels import ROLES
from hikae.cloud.people.models import Language, Role


class HeirForm(forms.Form):
    """The member who is asked to become the owner."""

    member = forms.UUIDField()


class InvitationForm(forms.Form):
    """Whom to invite, and as what; owners are made by handing over or by a role."""

    email = forms.EmailField(label=_("メールアドレス"))
    role = forms.ChoiceField(
        label=_("役割"),
        choices=[(each, ROLES[each]) for each in (Role.STAFF, Role.VIEWER, Role.ACCOUNTANT)],
    )


class ClientForm(forms.Form):
    """The client whom an accountant invites."""

    email = forms.EmailField(label=_("顧問先のメールアドレス"))


class RoleForm(forms.Form):
    """The role that a member is to have."""

    role = forms.ChoiceField(choices=Role.choices)


class JoiningForm(forms.Form):
    """Who comes by an invitation: books for a client, name and password where they are new."""

    books = forms.CharField(label=_("事業者名"), max_length=200)
    name = forms.CharField(label=_("お名前"), max_length=200)
    password = forms.CharField(
        label=_("パスワード"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=lazy(lambda: " ".join(password_validators_help_texts()), str)(),
    )

    def __init__(self, data: QueryDict | None, *, client: bool, new: bool) -> None:
        """client: they begin an organisation; new: they have no account yet."""
        super().__init__(data)
        if not client:
            del self.fields["books"]
        if not new:
            del self.fields["name"], self.fields["password"]


class LanguageForm(forms.Form):
    """The language to be spoken to in."""

    language = forms.ChoiceField(choices=Language.choices)


class OrganisationForm(forms.Form):
    """The organisation to work for."""

    organisation = forms.UUIDField()
