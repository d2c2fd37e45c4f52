"""At the end of which day."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DayForm(forms.Form):
    """A day."""

    day = forms.DateField(
        label=_("いつの残高"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    use_required_attribute = False
