"""Reads 全銀協規定形式 種別 03 (入出金取引明細): per account header, data, trailer; then one end.

Counts, totals and balances must agree with the data, or nothing of the file is used.
Source: 一般社団法人全国銀行協会, AP-Ⅰ-12 〔別冊〕, 2019-12; the tables are in `zengin_layouts`.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from hikae.formats import era
from hikae.formats.accounts import account_number
from hikae.formats.records import LENGTH, Layout, Record, split
from hikae.formats.zengin_layouts import (
    DATA_03_CURRENT,
    DATA_03_TIME,
    END_03,
    HEADER_03,
    TRAILER_03,
)
from hikae.model.account import Account, AccountKind
from hikae.model.clock import japan_day
from hikae.model.statement import (
    Channel,
    Period,
    Source,
    Statement,
    Transaction,
    TransactionKind,
)

HEADER, DATA, TRAILER, END = "1", "2", "8", "9"

_ACCOUNT_KINDS = {
    "1": AccountKind.ORDINARY,
    "2": AccountKind.CURRENT,
    "4": AccountKind.SAVINGS,
    "5": AccountKind.NOTICE,
    "6": AccountKind.TIME,
    "7": AccountKind.INSTALMENT,
}
_WITH_TERMS = {AccountKind.NOTICE, AccountKind.TIME, AccountKind.INSTALMENT}

_TRANSACTION_KINDS = {
    "10": TransactionKind.CASH,
    "11": TransactionKind.TRANSFER,
    "12": TransactionKind.CHEQUE_DEPOSIT,
    "13": TransactionKind.CLEARING,
    "14": TransactionKind.BOOK_TRANSFER,
    "15": TransactionKind.RENEWAL,
    "18": TransactionKind.OTHER,
    "19": TransactionKind.CORRECTION,
}
_SIGNS = {"": 1, "0": 1, "1": 1, "2": -1}


def looks_like(data: bytes) -> bool:
    """Whether a file begins as a header of fixed length does, of whatever 種別."""
    start = data[:4]
    jis, ebcdic = start.isdigit(), all(byte >= 0xF0 for byte in start)
    return len(data) >= LENGTH and start[:1] in {b"1", b"\xf1"} and (jis or ebcdic)


def read(data: bytes, name: str, as_of: datetime) -> list[Statement]:
    """Read a whole file, one statement per account, incomplete, with the header's period.

    name: of the file, for messages. as_of: when the file was got, aware. Raises UnreadableFile.
    """
    records = split(data, name)
    end = records[-1]
    statements = []
    account: list[Record] = []
    for record in records[:-1]:
        _expect(record, {DATA, TRAILER} if account else {HEADER})
        account.append(record)
        if record.kind == TRAILER:
            statements.append(_statement(account, as_of))
            account = []
    _expect(end, {END})
    if account:
        raise end.error(f"データ区分 {TRAILER}", end.kind)
    _agree(end, END_03, "レコード総件数", len(records))
    _agree(end, END_03, "口座数", len(statements))
    return statements


def _expect(record: Record, kinds: set[str]) -> None:
    if record.kind not in kinds:
        raise record.error("データ区分 " + "/".join(sorted(kinds)), record.kind)


def _agree(record: Record, table: Layout, name: str, counted: int) -> None:
    stated = record.integer(table, name)
    if stated != counted:
        raise record.error(f"{name} {counted:,}", f"{stated:,}")


def _statement(records: Sequence[Record], as_of: datetime) -> Statement:
    header, *data, trailer = records
    account = _account(header)
    stated = _made_on(header, japan_day(as_of))
    made_on = stated or japan_day(as_of)
    opening = _balance(header, HEADER_03, "取引前残高")
    table = DATA_03_TIME if account.kind in _WITH_TERMS else DATA_03_CURRENT
    transactions = tuple(_transactions(data, table, made_on, opening))
    closing = opening + sum(transaction.amount for transaction in transactions)
    _check_trailer(trailer, [_movement(record, table) for record in data], closing)
    return Statement(
        account=account,
        period=_period(header, made_on),
        as_of=as_of,
        complete=False,
        opening=opening,
        closing=closing,
        transactions=transactions,
        source=Source(Channel.ZENGIN, header.file, stated),
    )


def _made_on(header: Record, today: date) -> date | None:
    """作成日, against which all other days are resolved; None where the file does not say it."""
    digits = header.digits(HEADER_03, "作成日")
    if not digits.strip("0"):
        return None
    try:
        return era.made_on(digits, today)
    except ValueError:
        raise header.error("作成日 (和暦 YYMMDD)", digits) from None


def _day(record: Record, table: Layout, name: str, made_on: date) -> date | None:
    """A day, None where it is zeros or blank."""
    digits = record.digits(table, name)
    if not digits.strip("0"):
        return None
    try:
        return era.near(digits, made_on)
    except ValueError:
        raise record.error(f"{name} (和暦 YYMMDD)", digits) from None


def _account(header: Record) -> Account:
    species = header.digits(HEADER_03, "種別コード")
    if species != "03":
        raise header.error("種別コード 03", species)
    number = header.digits(HEADER_03, "口座番号")
    if not number:
        raise header.error("口座番号", number)
    return Account(
        bank_code=header.digits(HEADER_03, "銀行コード") or None,
        bank_name=header.text(HEADER_03, "銀行名"),
        branch_code=header.digits(HEADER_03, "支店コード") or None,
        branch_name=header.text(HEADER_03, "支店名"),
        kind=_ACCOUNT_KINDS.get(header.digits(HEADER_03, "預金種目"), AccountKind.OTHER),
        number=account_number(number),
        holder=header.text(HEADER_03, "口座名"),
    )


def _period(header: Record, made_on: date) -> Period | None:
    first = _day(header, HEADER_03, "勘定日(自)", made_on)
    last = _day(header, HEADER_03, "勘定日(至)", made_on)
    if first is None or last is None:
        return None
    if last < first:
        raise header.error(f"勘定日(至) {first} 以後", str(last))
    return Period(first, last)


def _balance(record: Record, table: Layout, name: str) -> int:
    sign = record.digits(table, "貸越区分")
    if sign not in _SIGNS:
        raise record.error("貸越区分 1/2", sign)
    return _SIGNS[sign] * record.integer(table, name)


def _transactions(
    records: Sequence[Record], table: Layout, made_on: date, opening: int
) -> Iterator[Transaction]:
    balance = opening
    for record in records:
        booked_on = _day(record, table, "勘定日", made_on)
        if booked_on is None:
            raise record.error("勘定日", record.digits(table, "勘定日"))
        credit, yen = _movement(record, table)
        amount = yen if credit else -yen
        balance += amount
        yield Transaction(
            booked_on=booked_on,
            value_on=_day(record, table, "預入・払出日", made_on),
            amount=amount,
            balance=balance,
            kind=_TRANSACTION_KINDS.get(record.digits(table, "取引区分")),
            description=record.text(table, "摘要内容"),
            counterparty=_remitter(record, table) if credit else None,
            bank_reference=_reference(record, table),
            edi=record.text(table, "EDI情報") if "EDI情報" in table.fields else None,
        )


def _movement(record: Record, table: Layout) -> tuple[bool, int]:
    """Whether money came in, and how much, yen."""
    direction = record.digits(table, "入払区分")
    if direction not in {"1", "2"}:
        raise record.error("入払区分 1/2", direction)
    return direction == "1", record.integer(table, "取引金額")


def _remitter(record: Record, table: Layout) -> str | None:
    """Who sent money that came in; for money that went out the field has a contract number."""
    name = "振込依頼人名・契約者番号"
    return record.text(table, name) if name in table.fields else None


def _reference(record: Record, table: Layout) -> str | None:
    digits = record.digits(table, "照会番号")
    return digits if digits.strip("0") else None


def _check_trailer(trailer: Record, movements: Sequence[tuple[bool, int]], closing: int) -> None:
    came = [yen for credit, yen in movements if credit]
    went = [yen for credit, yen in movements if not credit]
    _agree(trailer, TRAILER_03, "入金件数", len(came))
    _agree(trailer, TRAILER_03, "入金額合計", sum(came))
    _agree(trailer, TRAILER_03, "出金件数", len(went))
    _agree(trailer, TRAILER_03, "出金額合計", sum(went))
    _agree(trailer, TRAILER_03, "データ・レコード件数", len(movements))
    stated = _balance(trailer, TRAILER_03, "取引後残高")
    if stated != closing:
        raise trailer.error(f"取引後残高 {closing:,}", f"{stated:,}")
