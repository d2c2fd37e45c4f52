"""OFX 1.02 (SGML) and 2.x (XML), as their specifications write statements."""

import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest

from hikae.formats import ofx
from hikae.formats.detect import read
from hikae.formats.unreadable import UnreadableFile
from hikae.formats.writers import statement_json
from hikae.model.account import AccountKind
from hikae.model.statement import Channel, Period, Statement, TransactionKind

AS_OF = datetime(2026, 5, 12, 3, tzinfo=UTC)

SGML_HEADER = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:{encoding}
CHARSET:{charset}
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

"""
SGML_BODY = """<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS>
<DTSERVER>20260512120000[+9:JST]<LANGUAGE>JPN</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>0<STATUS><CODE>0<SEVERITY>INFO</STATUS>
<STMTRS><CURDEF>JPY
<BANKACCTFROM><BANKID>0123<BRANCHID>017<ACCTID>36041<ACCTTYPE>SAVINGS</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260501<DTEND>20260510
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260501000000[+9:JST]<TRNAMT>5000<FITID>A1
<NAME>ヤマダ &amp; サン<MEMO>振込</STMTTRN>
<STMTTRN><TRNTYPE>ATM<DTPOSTED>20260502<TRNAMT>-330.00<FITID>A2<NAME>引出し</STMTTRN>
</BANKTRANLIST>
<LEDGERBAL><BALAMT>104670<DTASOF>20260510</LEDGERBAL>
</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""
XML_PROLOGUE = (
    '<?xml version="1.0" encoding="{encoding}"?>\n'
    '<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n'
)


def xml_statement(rows: str, currency: str = "JPY", balance: str = "104670") -> str:
    return (
        f"<STMTTRNRS><STMTRS><CURDEF>{currency}</CURDEF><BANKACCTFROM><BANKID>0123</BANKID>"
        "<BRANCHID>017</BRANCHID><ACCTID>0036041</ACCTID><ACCTTYPE>CHECKING</ACCTTYPE>"
        f"</BANKACCTFROM><BANKTRANLIST>{rows}</BANKTRANLIST><LEDGERBAL><BALAMT>{balance}</BALAMT>"
        "<DTASOF>20260510</DTASOF></LEDGERBAL></STMTRS></STMTTRNRS>"
    )


def xml_row(amount: str = "5000", day: str = "20260501", more: str = "") -> str:
    return (
        f"<STMTTRN><TRNTYPE>CREDIT</TRNTYPE><DTPOSTED>{day}</DTPOSTED><TRNAMT>{amount}</TRNAMT>"
        f"<FITID>{day}{amount}</FITID><NAME>X</NAME><MEMO></MEMO>{more}</STMTTRN>"
    )


def xml(*statements: str, encoding: str = "UTF-8") -> bytes:
    body = f"<OFX><BANKMSGSRSV1>{''.join(statements)}</BANKMSGSRSV1></OFX>"
    return (XML_PROLOGUE.format(encoding=encoding) + body).encode(
        "cp932" if encoding == "Shift_JIS" else encoding
    )


def sgml(body: str = SGML_BODY, encoding: str = "UTF-8", charset: str = "NONE") -> bytes:
    header = SGML_HEADER.format(encoding=encoding, charset=charset)
    return (header + body).encode("cp932" if charset == "932" else "utf-8")


def one(data: bytes) -> Statement:
    [statement] = read(data, "meisai.ofx", AS_OF)
    assert statement.source.channel is Channel.OFX
    return statement


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read(data, "meisai.ofx", AS_OF)
    return str(caught.value)


@pytest.mark.parametrize(("encoding", "charset"), [("UTF-8", "NONE"), ("USASCII", "932")])
def test_elements_of_sgml_need_no_end_tags(encoding: str, charset: str) -> None:
    statement = one(sgml(encoding=encoding, charset=charset))
    account = statement.account
    assert (account.bank_code, account.branch_code, account.number) == ("0123", "017", "0036041")
    assert (account.kind, account.currency) == (AccountKind.ORDINARY, "JPY")
    assert statement.period == Period(date(2026, 5, 1), date(2026, 5, 10))
    credit, debit = statement.transactions
    assert (credit.booked_on, credit.amount) == (date(2026, 5, 1), 5_000)
    assert (credit.counterparty, credit.description) == ("ヤマダ & サン", "振込")
    assert (debit.counterparty, debit.description) == (None, "引出し")
    assert (debit.amount, debit.kind) == (-330, TransactionKind.CASH)
    assert [credit.bank_reference, debit.bank_reference] == ["A1", "A2"]
    assert (statement.opening, statement.closing) == (100_000, 104_670)


@pytest.mark.parametrize("encoding", ["UTF-8", "Shift_JIS"])
def test_xml_says_the_same(encoding: str) -> None:
    row = xml_row(more="<CHECKNUM/>").replace("<NAME>X", "<NAME>ヤマダ &amp; サン")
    statement = one(xml(xml_statement(row), encoding=encoding))
    [transaction] = statement.transactions
    assert transaction.description == "ヤマダ & サン"
    assert (statement.opening, statement.closing) == (99_670, 104_670)
    assert statement.account.kind is AccountKind.CURRENT


def test_several_accounts_become_a_statement_each() -> None:
    second = xml_statement(xml_row("7")).replace("0036041", "1234567")
    statements = read(xml(xml_statement(xml_row("5") + xml_row("6")), second), "x", AS_OF)
    assert [each.account.number for each in statements] == ["0036041", "1234567"]
    amounts = [[t.amount for t in each.transactions] for each in statements]
    assert amounts == [[5, 6], [7]]


@pytest.mark.parametrize(
    ("currency", "written", "minor"),
    [
        ("JPY", "5000.00", 5_000),
        ("USD", "-12.3", -1_230),
        ("EUR", "+1,5", 150),
        ("KWD", "1.234", 1_234),
        ("KRW", "7", 7),
    ],
)
def test_amounts_are_minor_units_of_their_currency(currency: str, written: str, minor: int) -> None:
    statement = one(xml(xml_statement(xml_row(written), currency, "0")))
    assert statement.transactions[0].amount == minor
    assert statement.account.currency == currency


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("20260501", date(2026, 5, 1)),
        ("20260501233000", date(2026, 5, 1)),
        ("20260501000000.000[+9:JST]", date(2026, 5, 1)),
        ("20260430160000[0:GMT]", date(2026, 5, 1)),
        ("20260430190000[-5:EST]", date(2026, 5, 1)),
    ],
)
def test_a_day_is_the_day_in_japan(written: str, day: date) -> None:
    assert one(xml(xml_statement(xml_row(day=written)))).transactions[0].booked_on == day


def test_the_newest_row_may_stand_first_in_files_of_any_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ofx, "_ROWS_KEPT", 3)
    days = [date(2026, 5, 9) - timedelta(days=index) for index in range(8)]
    rows = "".join(xml_row(str(index), f"{day:%Y%m%d}") for index, day in enumerate(days))
    statement = one(xml(xml_statement(rows)))
    assert [each.amount for each in statement.transactions] == [7, 6, 5, 4, 3, 2, 1, 0]


def test_a_balance_that_is_older_than_the_rows_is_no_closing_balance() -> None:
    statement = one(xml(xml_statement(xml_row(day="20260511"))))
    assert (statement.opening, statement.closing) == (None, None)


def test_rows_can_be_read_again_and_side_by_side() -> None:
    second = xml_statement(xml_row("7") + xml_row("8")).replace("0036041", "1234567")
    data = xml(xml_statement(xml_row("5") + xml_row("6")), second)
    first, other = ofx.open_statements(io.BytesIO(data), "x", AS_OF)
    side_by_side = [
        (one.amount, two.amount)
        for one, two in zip(first.transactions, other.transactions, strict=True)
    ]
    assert side_by_side == [(5, 7), (6, 8)]
    assert [each.amount for each in first.transactions] == [5, 6]


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE OFX [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    "<OFX><MEMO>&b;</MEMO></OFX>"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE OFX [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<OFX><MEMO>&x;</MEMO></OFX>"
)


@pytest.mark.parametrize("document", [LAUGHS, OUTSIDE, '<?xml version="1.0"?><!DOCTYPE a><OFX/>'])
def test_no_document_type_and_so_no_entity_is_followed(document: str) -> None:
    data = document.replace("<OFX/>", "<OFX></OFX>").encode()
    assert "<!DOCTYPE" in refused(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (xml(xml_statement(xml_row()))[:-30], "expected XML, found unclosed token"),
        (xml(xml_statement(xml_row())).replace(b"</NAME>", b"</MAN>"), "found mismatched tag"),
        (xml(xml_statement(xml_row("x"))), "row 3: expected TRNAMT (数字), found x"),
        (xml(xml_statement(xml_row("1e9"))), "row 3: expected TRNAMT (数字), found 1e9"),
        (xml(xml_statement(xml_row("0.5"))), "row 3: expected TRNAMT (JPY), found 0.5"),
        (xml(xml_statement(xml_row(day="20260231"))), "expected DTPOSTED (YYYYMMDD)"),
        (xml(xml_statement(xml_row(day="20260501120000[99:X]"))), "expected DTPOSTED (YYYYMMDD)"),
        (xml(xml_statement(xml_row(day=""))), "expected DTPOSTED, found (空白)"),
        (xml(xml_statement(xml_row(), "円")), "expected CURDEF (ISO 4217), found 円"),
        (xml(xml_statement(xml_row(), "J\nY")), "expected CURDEF (ISO 4217), found J Y"),
        (
            xml(xml_statement(xml_row(more="<CURRENCY><CURSYM>USD</CURSYM></CURRENCY>"))),
            "expected CURSYM JPY",
        ),
        (xml(xml_statement("")).replace(b"0036041", b""), "expected ACCTID"),
        (sgml()[:-20], "expected <TAG>, found </"),
        (sgml()[:-7], "expected </OFX>"),
        (sgml()[:700], "expected utf-8, found e3 81"),
        (sgml(SGML_BODY.replace("</STMTRS>", "</STMTX>")), "found </STMTX>"),
        (sgml(SGML_BODY.replace("<NAME>", "<!-- x --><NAME>")), "expected <TAG>, found <!--"),
        (sgml(charset="932").replace("振込".encode("cp932"), b"\x81"), "expected cp932, found"),
        (sgml(SGML_BODY + "<A>" * 99), "expected </>"),
        (SGML_HEADER.encode(), "expected <OFX>"),
    ],
)
def test_a_damaged_file_is_refused(data: bytes, said: str) -> None:
    assert said in refused(data)


def not_booked(*rows: tuple[str, str], listed: bool = True) -> bytes:
    """A statement with BANKTRANLISTP, as OFX 2.2 has it behind BANKTRANLIST."""
    written = "".join(
        f"<STMTTRNP><TRNTYPE>HOLD</TRNTYPE><DTTRAN>{day}</DTTRAN><TRNAMT>{amount}</TRNAMT>"
        f"<REFNUM>R{day}</REFNUM><NAME>X</NAME></STMTTRNP>"
        for day, amount in rows
    )
    pending = f"<BANKTRANLISTP><DTASOF>20260601</DTASOF>{written}</BANKTRANLISTP>"
    whole = xml_statement(xml_row())
    return xml(whole.replace("<LEDGERBAL>", f"{pending if listed else ''}<LEDGERBAL>"))


def test_rows_that_are_not_booked_yet_stand_apart_and_in_no_balance() -> None:
    statement = one(not_booked(("20260512", "-700"), ("20260511", "-300")))
    [booked] = statement.transactions
    assert (booked.amount, statement.opening, statement.closing) == (5_000, 99_670, 104_670)
    assert statement.pending is not None
    assert [(each.booked_on, each.amount, each.bank_reference) for each in statement.pending] == [
        (date(2026, 5, 11), -300, "R20260511"),
        (date(2026, 5, 12), -700, "R20260512"),
    ]


def test_a_list_without_rows_says_that_nothing_waits_and_no_list_says_nothing() -> None:
    assert one(not_booked()).pending == ()
    assert one(not_booked(listed=False)).pending is None


def test_rows_that_are_not_booked_yet_are_no_transactions_of_the_json() -> None:
    file = io.BytesIO(not_booked(("20260512", "-700")))
    written = b"".join(statement_json.write(ofx.open_statements(file, "x", AS_OF), print))
    assert [each["amount"] for each in json.loads(written)[0]["transactions"]] == [5_000]


def test_a_row_that_is_not_booked_yet_needs_a_day() -> None:
    assert refused(not_booked(("2026051", "-7"))).endswith(
        "expected DTTRAN (YYYYMMDD), found 2026051"
    )
