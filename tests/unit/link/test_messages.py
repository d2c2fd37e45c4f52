"""The words on the wire: what is understood, what is ignored, what is refused."""

from datetime import UTC, date, datetime
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikae.link import delivery
from hikae.link.messages import (
    PART_ROWS,
    AnyCommand,
    Down,
    RunFetch,
    StatementPart,
    Up,
    encode,
)
from hikae.model.account import Account, AccountKind
from hikae.model.statement import Channel, Period, Source, Statement, Transaction

ONE = UUID(int=1)


def test_a_command_says_its_protocol_kind_and_number() -> None:
    raw = encode(RunFetch(seq=7, fetch=ONE, connection=ONE))
    assert msgspec.json.decode(raw) == {
        "v": 1,
        "kind": "run",
        "seq": 7,
        "fetch": str(ONE),
        "connection": str(ONE),
    }


def test_unknown_fields_are_ignored() -> None:
    raw = encode(RunFetch(seq=7, fetch=ONE, connection=ONE))
    extended = raw.replace(b"{", b'{"host":"https://evil.example","code":"import os",', 1)
    assert msgspec.json.decode(extended, type=Down) == RunFetch(seq=7, fetch=ONE, connection=ONE)


@pytest.mark.parametrize("kind", ["execute", "hello", "welcome2", ""])
def test_unknown_kinds_are_refused(kind: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(f'{{"v":1,"seq":1,"kind":"{kind}"}}', type=AnyCommand)


def test_the_two_directions_have_no_kind_in_common() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(encode(RunFetch(seq=1, fetch=ONE, connection=ONE)), type=Up)


def test_a_part_with_too_many_rows_is_refused() -> None:
    row = Transaction(date(2026, 11, 1), 1)
    raw = encode(StatementPart(ONE, (row,) * (PART_ROWS + 1)))
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(raw, type=StatementPart)


def statement(amounts: list[int]) -> Statement:
    rows = tuple(Transaction(date(2026, 11, 1), amount, description="ｱ") for amount in amounts)
    return Statement(
        account=Account("001", AccountKind.ORDINARY, "1234567", bank_code="9901"),
        period=Period(date(2026, 11, 1), date(2026, 11, 30)),
        as_of=datetime(2026, 12, 1, tzinfo=UTC),
        complete=True,
        opening=0,
        closing=sum(amounts),
        transactions=rows,
        source=Source(Channel.ANSER_CSV, "file.csv"),
    )


@given(st.lists(st.integers(-(10**12), 10**12), max_size=1200))
def test_a_statement_arrives_in_parts_with_the_digest_it_was_sent_with(amounts: list[int]) -> None:
    sent = statement(amounts)
    head = delivery.head(sent, fetch=ONE, connection=ONE)
    wire = [encode(part) for part in delivery.parts(ONE, sent.transactions)]
    assert len(wire) == head.parts
    received = [msgspec.json.decode(raw, type=StatementPart) for raw in wire]
    rows = tuple(row for part in received for row in part.transactions)
    assert rows == sent.transactions
    assert delivery.digest(head, rows) == head.digest


def test_a_digest_notices_a_swapped_pair_of_rows() -> None:
    one = delivery.head(statement([1, 2]), fetch=ONE, connection=ONE)
    other = delivery.head(statement([2, 1]), fetch=ONE, connection=ONE)
    assert one.digest != other.digest
