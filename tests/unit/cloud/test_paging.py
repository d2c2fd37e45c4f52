"""Pages of rows against the plain truth, whatever is wanted, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle, islice

import msgspec
import pytest

from hikae.cloud.statements.books import Wanted, Way
from hikae.cloud.statements.folding import fold
from hikae.cloud.statements.models import Account, Transaction, Wording
from hikae.cloud.statements.paging import PAGE, Bound, Page, page
from hikae.model.statement import Period
from hikae.model.statement import Transaction as Row
from tests.unit.cloud.test_delivery import AS_OF, ORDINARY, Pc, connection, pc, statement

__all__ = ["connection", "pc"]

FIRST = date(2026, 9, 1)
DAYS = 80
LITTLE = Bound(days=7, rows=30)
TEXTS = (
    *(("フリコミ", "カ)ミホン"), ("フリコミ", "カ)ヤマテ"), ("テスウリョウ", None)),
    *((None, "ＡＢＣ商店"), ("100%オフ_", None), (None, None), ("カード", "ミナト")),
)


@pytest.fixture
def busy(pc: Pc) -> Pc:
    """Two accounts of eighty days; one with rows on each of them, one with many on some."""
    for number, (every, rows) in {"1111111": (1, 3), "2222222": (9, 40)}.items():
        texts = cycle(TEXTS)
        days = [FIRST + timedelta(days=n) for n in range(0, DAYS, every)]
        said = tuple(
            Row(day, (-1) ** place * (1_000 + 10 * place), description=one, counterparty=other)
            for day in days
            for place, (one, other) in enumerate(islice(texts, rows))
        )
        account = replace(ORDINARY, number=number)
        period = Period(FIRST, FIRST + timedelta(days=DAYS - 1))
        pc.deliver(statement(said, account=account, period=period))
    return pc


def walk(wanted: Wanted, bound: Bound) -> list[Page]:
    """All pages, one after the other."""
    pages = [page(wanted, bound=bound)]
    while pages[-1].older is not None:
        pages.append(page(wanted, pages[-1].older, bound))
    return pages


def expected(wanted: Wanted) -> list[Transaction]:
    """The same, told from all rows of the books."""
    rows = [row for row in Transaction.objects.all() if _is(row, wanted)]
    return sorted(rows, key=_place, reverse=True)


def _place(row: Transaction) -> tuple[date, str, int]:
    return (row.booked_on, str(row.account_id), row.position)


def _is(row: Transaction, wanted: Wanted) -> bool:
    words = fold(row.description, row.counterparty)
    return (
        wanted.account in (None, row.account_id)
        and (wanted.since or date.min) <= row.booked_on <= (wanted.until or date.max)
        and (wanted.way is None or (row.amount > 0) == (wanted.way is Way.IN))
        and (wanted.least or 0) <= abs(row.amount) <= (wanted.most or Decimal("inf"))
        and all(word in words for word in fold(wanted.words).split())
    )


WANTED: dict[str, Callable[[Account], Wanted]] = {
    "everything": lambda _: Wanted(),
    "one account": lambda account: Wanted(account=account.id),
    "a period": lambda _: Wanted(since=date(2026, 9, 20), until=date(2026, 10, 3)),
    "a way": lambda _: Wanted(way=Way.OUT),
    "amounts": lambda _: Wanted(least=Decimal(1_300), most=Decimal("1380.5")),
    "an amount that nothing has": lambda _: Wanted(least=Decimal(9_999_999)),
    "a word": lambda _: Wanted(words="みほん"),
    "two letters": lambda _: Wanted(words="ヤマ"),
    "words of both texts": lambda _: Wanted(words="abc 商店"),
    "signs that mean something to databases": lambda _: Wanted(words="%オフ_"),
    "a word that is nowhere": lambda _: Wanted(words="ソンザイシナイ"),
    "all at once": lambda account: Wanted(
        account.id, date(2026, 9, 5), date(2026, 11, 1), Way.IN, Decimal(1), None, "フリコミ"
    ),
}


@pytest.mark.parametrize("bound", [Bound(), LITTLE], ids=["usual", "little"])
@pytest.mark.parametrize("name", WANTED)
def test_pages_hold_every_row_wanted_once_and_in_order(busy: Pc, name: str, bound: Bound) -> None:
    del busy
    wanted = WANTED[name](Account.objects.order_by("-number")[0])
    pages = walk(wanted, bound)
    assert [row.id for one in pages for row in one.rows] == [row.id for row in expected(wanted)]
    for one in pages[:-1]:
        assert len(one.rows) == PAGE or one.looked_until is not None


def test_a_page_that_looked_far_enough_says_how_far(busy: Pc) -> None:
    del busy
    wanted = Wanted(least=Decimal(1_390), most=Decimal(1_390))
    first = page(wanted, bound=LITTLE)
    assert first.rows == ()
    assert first.looked_until is not None
    seen = Transaction.objects.filter(booked_on__gt=first.looked_until)
    assert seen.count() <= LITTLE.rows + 40
    assert page(wanted, bound=Bound()).looked_until is None


def test_words_of_a_row_that_changed_are_found_by_what_stands_there_now(pc: Pc) -> None:
    pc.deliver(statement())
    rows = statement().transactions
    changed = msgspec.structs.replace(rows[3], description="口座振替 ガス")
    pc.deliver(statement((*rows[:3], changed), as_of=AS_OF + timedelta(hours=1)))
    assert page(Wanted(words="でんき")).rows == ()
    (found,) = page(Wanted(words="ガス")).rows
    assert found.amount == -55_000


def test_a_text_that_many_rows_carry_is_kept_once_for_its_account(busy: Pc) -> None:
    del busy
    kept = Wording.objects.values_list("account_id", "words")
    assert len(kept) == len(set(kept)) == 2 * (len(TEXTS) - 1)
    assert Wording.objects.filter(words="").count() == 0
