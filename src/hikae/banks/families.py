"""Every family of banks that there is, by the name that the catalogue uses."""

from hikae.banks.bizsol.connector import BizsolConnector
from hikae.banks.connector import Connector

FAMILIES: dict[str, Connector] = {"bizsol": BizsolConnector()}


def connector_for(family: str) -> Connector:
    """The connector of a family; raises KeyError for one that this program does not know."""
    return FAMILIES[family]
