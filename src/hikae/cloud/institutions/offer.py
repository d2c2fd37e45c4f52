"""Which banks this cloud offers: some are fetched, all others are filled by their files."""

from dataclasses import dataclass, field

from django.apps import apps

from hikae.catalogue.catalogue import Catalogue
from hikae.catalogue.directory import Directory
from hikae.catalogue.search import Listed, Search, list_banks


@dataclass
class Offer:
    """The catalogue, every bank of the country by its code, and what finds one among them."""

    catalogue: Catalogue
    directory: Directory = ()
    banks: dict[str, Listed] = field(init=False)
    search: Search = field(init=False)

    def __post_init__(self) -> None:
        """Join both."""
        listed = list_banks(self.catalogue, self.directory)
        self.banks = {each.code: each for each in listed}
        self.search = Search(listed)

    @property
    def fetched(self) -> list[Listed]:
        """Those that the agent fetches."""
        return [each for each in self.banks.values() if each.fetched]


def offer() -> Offer:
    """What was read when the process started."""
    found: object = getattr(apps.get_app_config("institutions"), "offer", None)
    if not isinstance(found, Offer):
        raise TypeError("the institutions app has read nothing yet")
    return found


def catalogue() -> Catalogue:
    """The catalogue as it was read when the process started."""
    return offer().catalogue


def title_of(code: str, otherwise: str = "") -> str:
    """The name of a bank as screens show it.

    One that nobody lists goes by the name that a bank's file gave, or by its code.
    """
    bank = offer().banks.get(code)
    return bank.title if bank else otherwise or code
