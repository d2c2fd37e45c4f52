"""What people choose about themselves."""

from django import forms

from hikae.cloud.people.models import Language


class HeirForm(forms.Form):
    """The member who is asked to become the owner."""

    member = forms.UUIDField()


class LanguageForm(forms.Form):
    """The language to be spoken to in."""

    language = forms.ChoiceField(choices=Language.choices)


class OrganisationForm(forms.Form):
    """The organisation to work for."""

    organisation = forms.UUIDField()
