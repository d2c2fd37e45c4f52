"""Accounts as a BizSOL screen writes them: 「蔵王支店(017) 普通 0036041」."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hikae.banks.controls import Choice
from hikae.banks.errors import PageError
from hikae.banks.page import Page
from hikae.catalogue.institution import Institution
from hikae.formats.accounts import account_kind, account_number
from hikae.model.account import Account

_KINDS = "普通|当座|納税準備|貯蓄|通知|積立定期|定期|その他"
_ACCOUNT = re.compile(
    r"(?:(?P<branch>[^\s()\d]+)\s*)?"
    r"(?:\(?\s*(?P<code>\d{3})\s*\)?\s*)?"
    rf"(?P<kind>{_KINDS})(?:預金)?\s*"
    r"(?P<number>\d{7,})"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """An account and the option of the page that stands for it."""

    account: Account
    option: str


def listed_accounts(page: Page, institution: Institution) -> tuple[Choice, tuple[Listed, ...]]:
    """The choice of accounts on the inquiry page, and the accounts in it.

    Raises PageError where no choice consists of accounts.
    """
    for choice in page.choices:
        listed = tuple(_listed(choice.options, institution))
        if listed:
            return choice, listed
    raise PageError(page.heading, wanted="口座")


def _listed(options: Sequence[str], institution: Institution) -> list[Listed]:
    found = ((read_account(option), option) for option in options)
    return [
        Listed(replace(account, bank_code=institution.code, bank_name=institution.name), option)
        for account, option in found
        if account is not None
    ]


def read_account(text: str) -> Account | None:
    """The account in a text, None where there is none; branch and its code may be missing."""
    found = _ACCOUNT.search(unicodedata.normalize("NFKC", text))
    if found is None:
        return None
    return Account(
        branch_code=found["code"],
        kind=account_kind(found["kind"]),
        number=account_number(found["number"]),
        branch_name=found["branch"],
    )
