"""A bank of its own: simulated Japanese business internet banking over real HTTPS.

It imports nothing of the rest of the project and uses only the standard library and cryptography,
so that a mistake in our parsers cannot hide in our bank. Start it with `SimBank.start` or
`hikae simbank`.
"""

from hikae.simbank.bank import SimBank
from hikae.simbank.business import Size
from hikae.simbank.customer import Customer
from hikae.simbank.institution import INSTITUTIONS, KITAMACHI, MINATOHAMA, OKAWA, Institution
from hikae.simbank.journal import Entry, Journal
from hikae.simbank.ledger import Account, Extract, Kind, Posting, Row, as_plain

__all__ = [
    "INSTITUTIONS",
    "KITAMACHI",
    "MINATOHAMA",
    "OKAWA",
    "Account",
    "Customer",
    "Entry",
    "Extract",
    "Institution",
    "Journal",
    "Kind",
    "Posting",
    "Row",
    "SimBank",
    "Size",
    "as_plain",
]
