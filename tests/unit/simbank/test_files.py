import csv
import io
from datetime import date

import pytest

from hikae.simbank import KITAMACHI, OKAWA, Account, Extract, Institution, SimBank
from hikae.simbank.files import anser, zengin

FIRST, LAST = date(2026, 10, 1), date(2026, 11, 25)


@pytest.fixture
def extracts(bank: SimBank) -> list[tuple[Account, Extract]]:
    return bank.customer("ok").truth(FIRST, LAST)


def test_anser_has_13_quoted_columns_for_all_accounts_in_one_file(
    extracts: list[tuple[Account, Extract]],
) -> None:
    content = anser.write(extracts, full_width_brackets=True)
    assert content.endswith(b'"\r\n')
    rows = list(csv.reader(io.StringIO(content.decode("cp932"))))
    assert rows[0][0] == "照会口座"
    assert rows[0][4] == "出金金額\uff08円\uff09"
    assert {len(row) for row in rows} == {13}
    assert len({row[0] for row in rows[1:]}) == 3
    assert len(rows) - 1 == sum(len(extract.rows) for _, extract in extracts)
    assert all(bool(row[4]) != bool(row[5]) for row in rows[1:])
    assert content.count(b'"') == len(rows) * 26


def test_anser_headings_come_with_half_width_brackets_at_other_banks() -> None:
    assert anser.headings(full_width_brackets=False)[3] == "(起算日)"


def test_anser_rows_say_what_the_book_says(extracts: list[tuple[Account, Extract]]) -> None:
    account, extract = extracts[1]
    row = extract.rows[0]
    cells = anser.cells(account, 1, row)
    assert cells[0] == f"蔵前支店(017) 当座 {account.number}"
    assert cells[1] == "001"
    assert cells[2] == f"{row.posting.booked_on:%Y年%m月%d日}"
    assert int((cells[5] or "-" + cells[4]).replace(",", "")) == row.posting.amount
    assert int(cells[7].replace(",", "")) == row.balance


@pytest.mark.parametrize(("bank_data", "width"), [(KITAMACHI, 202), (OKAWA, 200)])
def test_zengin_records_have_200_bytes_with_and_without_line_ends(
    extracts: list[tuple[Account, Extract]], bank_data: Institution, width: int
) -> None:
    content = zengin.write(bank_data, LAST, extracts)
    records = [content[n : n + width] for n in range(0, len(content), width)]
    assert {len(record.rstrip(b"\r\n")) for record in records} == {200}
    kinds = b"".join(record[:1] for record in records)
    data = sum(len(extract.rows) for _, extract in extracts)
    assert (kinds.count(b"1"), kinds.count(b"2"), kinds.count(b"8")) == (3, data, 3)
    assert records[-1][:16] == b"9%010d%05d" % (len(records), 3)


def test_zengin_trailer_agrees_with_its_data(extracts: list[tuple[Account, Extract]]) -> None:
    account, extract = extracts[0]
    text = zengin.write(OKAWA, LAST, [(account, extract)]).decode("cp932")
    header, trailer = text[:200], text[-400:-200]
    assert header[:22] == "1030081125081001081125"
    assert header[62:73] == "1" + account.number.zfill(10)
    assert header[113:129] == f"11{extract.opening:014}"
    paid_in = [r.posting.amount for r in extract.rows if r.posting.amount > 0]
    paid_out = [-r.posting.amount for r in extract.rows if r.posting.amount < 0]
    assert trailer[:39] == (
        f"8{len(paid_in):06}{sum(paid_in):013}{len(paid_out):06}{sum(paid_out):013}"
    )
    assert trailer[39:61] == f"1{extract.closing:014}{len(extract.rows):07}"


@pytest.mark.parametrize(
    ("day", "era"),
    [
        (date(2019, 4, 30), "310430"),
        (date(2019, 5, 1), "010501"),
        (date(2016, 5, 3), "280503"),
        (date(2026, 5, 3), "080503"),
    ],
)
def test_zengin_dates_carry_the_year_of_the_era(day: date, era: str) -> None:
    assert zengin.era_date(day) == era
