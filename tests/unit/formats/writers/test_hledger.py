"""Journals as hledger itself reads and proves them."""

import csv
import io
import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from unicodedata import normalize

import msgspec
import pytest
from hypothesis import given, settings

from hikae.formats.writers import hledger
from hikae.formats.writers.plain import one_line
from hikae.formats.writers.writer import Unwritable
from hikae.model.statement import Period, Statement
from tests.unit.formats.statements import (
    HOSTILE,
    PAID_IN,
    PAID_OUT,
    statement,
    statements,
)
from tests.unit.formats.writers.written import written

needs_hledger = pytest.mark.skipif(
    shutil.which("hledger") is None, reason="hledger is not installed (scripts/setup-debian)"
)
BANK = "assets:bank:9999-001-ordinary-0000001"
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


def run(journal: bytes, *arguments: str) -> str:
    """What hledger answers; its own words where it refuses."""
    answer = subprocess.run(
        ["hledger", "-f", "-", *arguments],
        input=journal,
        capture_output=True,
        check=False,
        env={"LANG": "C.UTF-8"},
    )
    assert answer.returncode == 0, answer.stderr.decode()
    return answer.stdout.decode()


def balance(journal: bytes, account: str) -> str:
    rows = csv.reader(io.StringIO(run(journal, "balance", "-O", "csv", "-E", account)))
    return next(row[1] for row in rows if row[0] == account)


@needs_hledger
def test_the_bank_account_ends_with_what_the_bank_said() -> None:
    journal = written(hledger.write, statement(PAID_IN, PAID_OUT))
    run(journal, "check")
    assert balance(journal, BANK) == "1106700 JPY"
    assert balance(journal, "income:unknown") == "-110000 JPY"
    assert balance(journal, "expenses:unknown") == "3300 JPY"


@needs_hledger
def test_a_row_that_was_lost_is_found_by_the_assertion() -> None:
    journal = written(hledger.write, replace(statement(PAID_IN), closing=1))
    with pytest.raises(AssertionError, match="balance assertion"):
        run(journal, "check")


@needs_hledger
@settings(max_examples=40)
@given(statements(text=HOSTILE))
def test_no_text_steers_the_journal(original: Statement) -> None:
    journal = written(hledger.write, original)
    run(journal, "check")
    entries = json.loads(run(journal, "print", "-O", "json"))
    rows = [each for each in entries if each["tdescription"] not in {"繰越", "残高"}]
    assert len(rows) == len(original.transactions)
    by_day = sorted(original.transactions, key=lambda each: each.booked_on)
    for row, each in zip(rows, by_day, strict=True):
        note = " ".join(filter(None, (each.description, each.edi)))
        said = " ".join(f"{one_line(each.counterparty).strip()} {one_line(note)}".split())
        found = normalize("NFKC", row["tdescription"].replace(" | ", " ", 1))
        assert " ".join(found.split()) == " ".join(normalize("NFKC", said).split())
        assert row["tcode"] == (each.bank_reference or "")
        assert (row["tcomment"], row["ttags"]) == ("", [])


@needs_hledger
def test_a_month_that_goes_on_books_its_opening_once_and_a_hole_as_a_difference() -> None:
    october = statement(PAID_IN)
    paid = msgspec.structs.replace(PAID_OUT, booked_on=date(2026, 11, 2))
    november = statement(paid, period=NOVEMBER, opening=1_110_000)
    assert written(hledger.write, october, november).decode().count("繰越") == 1
    after_a_hole = statement(paid, period=NOVEMBER, opening=1_000_500)
    journal = written(hledger.write, october, after_a_hole)
    run(journal, "check")
    assert balance(journal, BANK) == "997200 JPY"
    assert balance(journal, "equity:opening/closing balances") == "-890500 JPY"


def test_going_back_in_time_is_refused_because_rows_would_be_booked_twice() -> None:
    with pytest.raises(Unwritable, match="2026-10-31"):
        written(hledger.write, statement(PAID_IN), statement(PAID_IN))


@needs_hledger
def test_without_balances_the_rows_stand_alone() -> None:
    journal = written(hledger.write, statement(PAID_IN, opening=None))
    run(journal, "check")
    assert balance(journal, BANK) == "110000 JPY"


@pytest.mark.parametrize("name", ["a;b", "a  b", " a", "a\nb"])
def test_a_name_of_an_account_that_would_end_early_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name of an account"):
        replace(hledger.ACCOUNTS, equity=name)
