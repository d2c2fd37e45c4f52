"""Generated histories of an account, delivered into a database, against the oracle's count.

The histories and the oracle are those that prove the model's rules; here they go all the way
through a cloud's tables. In some a month is closed on the way, and what waits is accepted at last:
the books must then be the same as if nothing had ever waited.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from itertools import islice
from random import Random
from uuid import uuid4

from django.db import transaction

from hikae.cloud.connections.registering import register_for_files
from hikae.cloud.people.models import User
from hikae.cloud.people.organisations import create_owner
from hikae.cloud.people.tenancy import tenant
from hikae.cloud.statements.closing.adjustments import accept
from hikae.cloud.statements.following import follow
from hikae.cloud.statements.models import (
    AccountDay,
    Adjustment,
    Closing,
    Transaction,
)
from hikae.cloud.statements.taking import take
from hikae.model.statement import Statement
from tests.long.test_reconcile_against_oracle import DAYS, coverage, expected, generated
from tests.unit.model.books import day

NOW = datetime.combine(day(400), time(), UTC)


def prove(seed: int) -> int:
    """Play one history in an organisation of its own; how many changes had to wait."""
    dice = Random(seed)
    history = generated(dice)
    membership = create_owner(f"{seed}-{uuid4()}@example.jp", str(seed))
    with tenant(membership.organisation_id):
        waited = play(history, dice, membership.user)
        assert kept_amounts() == expected(history, coverage(history)), seed
        assert kept_coverage() == coverage(history), seed
        assert not Adjustment.objects.exists(), seed
        assert sums_agree(), seed
        assert followed() == {row.id: row.amount for row in Transaction.objects.all()}, seed
    return waited


def play(history: Sequence[Statement], dice: Random, owner: User) -> int:
    """Take the statements one by one, and accept at last what had to wait: how often."""
    connection = register_for_files("9901", owner, NOW)
    closed_after = dice.randrange(len(history))
    for number, each in enumerate(history):
        with transaction.atomic():
            take(connection, uuid4(), each, NOW)
        if number == closed_after:
            Closing.objects.create(
                organisation_id=connection.organisation_id,
                until=day(dice.randrange(DAYS)),
                closed_at=NOW,
            )
    accepted = 0
    while waiting := sorted(Adjustment.objects.values_list("id", flat=True)):
        accept(dice.choice(waiting), owner, NOW)
        accepted += 1
    return accepted


def kept_amounts() -> dict[date, Counter[int]]:
    """Day → how often each amount stands in the books."""
    found: dict[date, Counter[int]] = {}
    for row in Transaction.objects.all():
        found.setdefault(row.booked_on, Counter())[row.amount] += 1
    return found


def kept_coverage() -> dict[date, datetime]:
    """Day → the newest complete statement that showed it."""
    return {each.day: each.as_of for each in AccountDay.objects.all() if each.as_of is not None}


def sums_agree() -> bool:
    """Whether count and sum of each day are those of its rows."""
    kept = kept_amounts()
    return all(
        (each.rows, each.total) == (len(amounts), sum(amounts))
        for each in AccountDay.objects.all()
        for amounts in [list(kept.get(each.day, Counter()).elements())]
    )


def followed() -> dict[object, int]:
    """What somebody has who only follows the numbered events, in pieces: id → amount."""
    told: dict[object, int] = {}
    heard = 0
    while some := list(islice(follow(heard), 3)):
        for event in some:
            assert event.number == heard + 1
            heard = event.number
            if event.after is None:
                del told[event.transaction]
            else:
                told[event.transaction] = event.after.amount
    return told
