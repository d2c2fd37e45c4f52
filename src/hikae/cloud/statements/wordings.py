"""Which texts rows of an account carry, and on which days: where a search for words begins.

A bank says the same texts again and again. Each is kept once for its account, folded, with the
days on which a row carried it; so a search reads the texts, which are few, and then only rows of
the days that they name. A day stays noted when its rows change or go: the rows are asked last.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from uuid import UUID

from hikae.cloud.people.tenancy import required_tenant
from hikae.cloud.statements import bulk
from hikae.cloud.statements.daysets import DaySet
from hikae.cloud.statements.models import Wording

FEW = 1_000
"""Texts that a search follows; words that more of them hold occur on nearly every day."""

_AT_ONCE = 500
_COLUMNS = ("organisation_id", "account_id", "id", "words", "first", "days")
_KEY = ("organisation_id", "account_id", "id")


def note(account_id: UUID, said: Mapping[str, Iterable[date]]) -> None:
    """Note on which days rows of an account carry which folded texts.

    The caller holds the organisation's lock and the transaction.
    """
    named = {_identity(words): words for words in said if words}
    news = list(_news(account_id, named, said))
    if news:
        bulk.upsert(Wording, _COLUMNS, news, _KEY)


def days_with(words: Sequence[str], account_id: UUID | None) -> dict[UUID, DaySet] | None:
    """On which days of which account a text holds all the words, which are folded.

    None where too many texts do to say it. Reads each text of the account, or of all accounts.
    """
    found = Wording.objects.all()
    if account_id is not None:
        found = found.filter(account=account_id)
    for word in words:
        found = found.filter(words__contains=word)
    texts = list(found.values_list("account_id", "first", "days")[: FEW + 1])
    if len(texts) > FEW:
        return None
    days: dict[UUID, DaySet] = {}
    for account, first, bits in texts:
        more = DaySet.read(first, bytes(bits))
        days[account] = days[account] | more if account in days else more
    return days


def _news(
    account_id: UUID, named: Mapping[UUID, str], said: Mapping[str, Iterable[date]]
) -> Iterator[bulk.Row]:
    """Texts that are new, or occur on days that are."""
    organisation_id, kept = required_tenant(), _kept(account_id, list(named))
    for each, words in named.items():
        days, known = DaySet.of(said[words]), kept.get(each)
        if known is not None:
            days |= known
        if days != known:
            yield organisation_id, account_id, each, words, days.first, days.to_bytes()


def _kept(account_id: UUID, ids: Sequence[UUID]) -> dict[UUID, DaySet]:
    found = Wording.objects.filter(account=account_id)
    pieces = (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
    return {
        wording: DaySet.read(first, bytes(days))
        for some in pieces
        for wording, first, days in found.filter(id__in=some).values_list("id", "first", "days")
    }


def _identity(words: str) -> UUID:
    return UUID(bytes=blake2b(words.encode(), digest_size=16).digest())
