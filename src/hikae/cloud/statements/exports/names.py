"""What a program calls the accounts of a bank and what stands against them, once a person said it.

A person says it for each program, since each has its own list of accounts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from hikae.cloud.people.tenancy import required_tenant
from hikae.cloud.statements.exports.statements import named
from hikae.cloud.statements.models import Account, BookedAs
from hikae.formats.writers.bookkeeping import SUSPENSE, Bookkeeping
from hikae.model import account as model

Key = tuple[str | None, str, str, str, str]
"""Which account of which bank a writer means."""


@dataclass(frozen=True, slots=True)
class OwnName:
    """勘定科目 and 補助科目 of a bank account; freee takes the latter for the name of a 口座."""

    subject: str
    sub_subject: str


@dataclass(frozen=True, slots=True)
class Against:
    """勘定科目 of what came and of what went, and the tax class of both sides."""

    receipts: str = SUSPENSE.contra_of_receipts
    payments: str = SUSPENSE.contra_of_payments
    tax_class: str = SUSPENSE.tax_class


@dataclass(frozen=True, slots=True)
class Names:
    """All that a person said for a program; by account."""

    own: Mapping[UUID, OwnName]
    against: Against


@dataclass(frozen=True, slots=True)
class NamedBookkeeping(Bookkeeping):
    """Bookkeeping in which each bank account has names of its own."""

    named: Mapping[Key, OwnName] = field(default_factory=dict)

    def own(self, account: model.Account) -> str:
        """勘定科目 of a bank account."""
        return self.named[_key(account)].subject

    def own_sub(self, account: model.Account) -> str:
        """補助科目 of a bank account."""
        return self.named[_key(account)].sub_subject


def proposed(target: str, accounts: Iterable[Account]) -> Names:
    """What a person said last, and for the rest what is usual."""
    said = {each.account_id: each for each in BookedAs.objects.filter(target=target)}
    own = {}
    for account in accounts:
        one, usual = said.get(account.id), named(account)
        own[account.id] = (
            OwnName(one.subject, one.sub_subject)
            if one
            else OwnName(SUSPENSE.own(usual), SUSPENSE.own_sub(usual))
        )
    every = said.get(None)
    against = Against(every.receipts, every.payments, every.tax_class) if every else Against()
    return Names(own, against)


def missing(target: str, accounts: Sequence[Account]) -> bool:
    """Whether a person has to be asked for some of the names."""
    said = set(BookedAs.objects.filter(target=target).values_list("account", flat=True))
    return bool({None, *(account.id for account in accounts)} - said)


@transaction.atomic
def remember(target: str, names: Names) -> None:
    """Keep what a person says now."""
    organisation_id = required_tenant()
    against = names.against
    BookedAs.objects.update_or_create(
        organisation_id=organisation_id,
        target=target,
        account=None,
        defaults={
            "receipts": against.receipts,
            "payments": against.payments,
            "tax_class": against.tax_class,
        },
    )
    for account_id, own in names.own.items():
        BookedAs.objects.update_or_create(
            organisation_id=organisation_id,
            target=target,
            account_id=account_id,
            defaults={"subject": own.subject, "sub_subject": own.sub_subject},
        )


def bookkeeping(names: Names, accounts: Iterable[Account]) -> Bookkeeping:
    """The same as writers take it."""
    return NamedBookkeeping(
        contra_of_receipts=names.against.receipts,
        contra_of_payments=names.against.payments,
        tax_class=names.against.tax_class,
        named={_key(named(account)): names.own[account.id] for account in accounts},
    )


def _key(account: model.Account) -> Key:
    return (account.bank_code, *account.key)
