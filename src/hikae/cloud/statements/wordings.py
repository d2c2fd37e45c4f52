"""Which texts rows of an account carry, and on which days: where a search for words begins.

A bank says the same texts again and again. Each is kept once for its account, folded, with the
days on which a row carried it; so a search reads the texts, which are few, and then only rows of
the days that they name. A day stays noted when its rows change or go: the rows are asked last.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from itertools import repeat
from uuid import UUID

from hikae.cloud.people.tenancy import required_tenant
from hikae.cloud.statements import bulk
from hikae.cloud.statements.daysets import DaySet
from hikae.cloud.statements.models import Wording

FEW = 1_000
"""Texts that a search follows; words that more of them hold occur on nearly every day."""

_AT_ONCE = 500
_KEY = ("organisation_id", "account_id", "id")

_News = tuple[UUID, str, DaySet]
"""A text by its identity, with its days."""


def note(account_id: UUID, said: Iterable[tuple[str, date]]) -> None:
    """Note which folded texts rows of an account carry on which days.

    The caller holds the organisation's lock and the transaction.
    """
    days: defaultdict[str, set[date]] = defaultdict(set)
    for words, day in said:
        days[words].add(day)
    news = list(_news(account_id, {words: days[words] for words in days if words}))
    if news:
        bulk.upsert(Wording, _columns(account_id, news), _KEY)


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


def _news(account_id: UUID, said: Mapping[str, Iterable[date]]) -> Iterator[_News]:
    """Texts that are new, or occur on days that are, with all their days."""
    named = {_identity(words): words for words in said}
    kept = _kept(account_id, list(named))
    for each, words in named.items():
        days, known = DaySet.of(said[words]), kept.get(each)
        if known is not None:
            days |= known
        if days != known:
            yield each, words, days


def _columns(account_id: UUID, news: Sequence[_News]) -> dict[str, bulk.Column]:
    return {
        "organisation_id": repeat(required_tenant()),
        "account_id": repeat(account_id),
        "id": [each for each, _, _ in news],
        "words": [words for _, words, _ in news],
        "first": [days.first for _, _, days in news],
        "days": [days.to_bytes() for _, _, days in news],
    }


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
