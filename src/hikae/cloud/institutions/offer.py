"""Which institutions this cloud offers: the shipped ones and those of a local folder."""

from django.apps import apps

from hikae.catalogue.catalogue import Catalogue


def catalogue() -> Catalogue:
    """The catalogue as it was read when the process started."""
    found: object = getattr(apps.get_app_config("institutions"), "catalogue", None)
    if not isinstance(found, Catalogue):
        raise TypeError("the institutions app has no catalogue")
    return found


def title_of(code: str, otherwise: str = "") -> str:
    """The name of an institution as screens show it.

    One that is not in the catalogue goes by the name that a bank's file gave, or by its code.
    """
    institution = catalogue().find(code)
    return institution.title if institution else otherwise or code
