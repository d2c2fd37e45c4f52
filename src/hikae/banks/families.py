"""Every family of banks that there is, by the name that the catalogue uses."""

from hikae.banks.bizsol.connector import BizsolConnector
from hikae.banks.connector import Connector
from hikae.banks.errors import UnknownFamilyError

FAMILIES: dict[str, Connector] = {"bizsol": BizsolConnector()}


def connector_for(family: str) -> Connector:
    """The connector of a family; raises UnknownFamilyError where only a newer program knows it."""
    connector = FAMILIES.get(family)
    if connector is None:
        raise UnknownFamilyError(family)
    return connector
