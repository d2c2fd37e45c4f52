"""The language that a page is being answered in."""

from django.utils.translation import get_language

from hikae.model.language import Language


def language() -> Language:
    """The language that is active now, for texts that do not come from gettext."""
    return Language.ENGLISH if (get_language() or "").startswith("en") else Language.JAPANESE
