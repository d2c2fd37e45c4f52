"""Whose account a file speaks of, where it says only a part of that itself.

ANSER files name no bank, some banks' CSVs no account at all. What is known of the organisation's
accounts answers first; what is left, the person says.
"""

import re
from dataclasses import dataclass, replace

import msgspec

from hikae.cloud.statements.models import Account, ImportedFile
from hikae.model import account as model
from hikae.model.account import AccountKind
from hikae.model.statement import Statement

_BANK_CODE = re.compile(r"[0-9]{4}")


@dataclass(frozen=True, slots=True)
class Said:
    """What the person said of a file: the institution's code, and the account."""

    institution: str = ""
    branch_code: str = ""
    kind: AccountKind = AccountKind.ORDINARY
    number: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """An account as it is kept: an institution's code, and what it is called there."""

    institution: str
    account: model.Account

    def kept(self) -> Account | None:
        """The same in the books, where it is there."""
        return Account.objects.filter(
            institution=self.institution,
            branch_code=self.account.branch_code or "",
            kind=self.account.kind,
            number=self.account.number,
            currency=self.account.currency,
        ).first()


@dataclass(frozen=True, slots=True)
class Missing:
    """What a person still has to say."""

    institution: bool
    account: bool


def said_of(file: ImportedFile) -> Said:
    """What was said so far."""
    return msgspec.convert(file.said, Said)


def owner(account: model.Account, said: Said) -> Owner | None:
    """Whose account it is; None where that is not known yet."""
    if not account.number:
        if not said.number:
            return None
        account = replace(
            account, branch_code=said.branch_code or None, kind=said.kind, number=said.number
        )
    institution = _stated(account) or _only_known(account) or said.institution
    return Owner(institution, account) if institution else None


def missing(statements: list[Statement], said: Said) -> Missing | None:
    """What a person has to say before these can be taken; None for nothing."""
    unknown = [each.account for each in statements if owner(each.account, said) is None]
    if not unknown:
        return None
    return Missing(
        institution=not all(_stated(account) for account in unknown),
        account=not all(account.number for account in unknown),
    )


def _stated(account: model.Account) -> str:
    """The bank that the file names."""
    code = account.bank_code or ""
    return code if _BANK_CODE.fullmatch(code) else ""


def _only_known(account: model.Account) -> str:
    """The one institution at which the organisation has an account of this name."""
    found = Account.objects.filter(
        branch_code=account.branch_code or "",
        kind=account.kind,
        number=account.number,
        currency=account.currency,
    )
    institutions = set(found.values_list("institution", flat=True))
    return institutions.pop() if len(institutions) == 1 else ""
