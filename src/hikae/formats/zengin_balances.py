"""種別 04 残高通知: what stood on accounts at one moment, without transactions."""

from datetime import UTC, datetime, time

from hikae.formats.accounts import account_number
from hikae.formats.cells import Damage
from hikae.formats.records import Record
from hikae.formats.stream import FileStatement
from hikae.formats.zengin_layouts import DATA_04, END_04, HEADER_04, TRAILER_04
from hikae.formats.zengin_parts import (
    ACCOUNT_KINDS,
    Part,
    RecordSource,
    Region,
    agree,
    balance,
    each_record,
)
from hikae.model.account import Account, AccountKind
from hikae.model.clock import JAPAN
from hikae.model.statement import Channel, Source

_DEPOSITS = "1"


class BalanceNotice(Part):
    """A branch's records: each data record is one account."""

    first, trailer, last = HEADER_04, TRAILER_04, END_04

    def __init__(self, source: RecordSource, header: Record, as_of: datetime) -> None:
        """Take notices of deposits only."""
        super().__init__(source, header, as_of)
        notice = header.digits("通知区分")
        if notice != _DEPOSITS:
            raise header.error(f"通知区分 {_DEPOSITS}", notice)
        self._made: list[FileStatement] = []

    def add(self, number: int, records: bytes) -> None:
        """Balances of accounts."""
        for each, content in each_record(number, records):
            self._made.append(self._statement(Record(self.source.name, each, content, DATA_04)))

    def _statement(self, record: Record) -> FileStatement:
        return FileStatement(
            account=self._account(record),
            period=None,
            as_of=self._moment(record),
            complete=False,
            opening=None,
            closing=balance(record, "現在残高"),
            transactions=(),
            source=Source(Channel.ZENGIN, self.source.name),
        )

    def close(self, trailer: Record, data: Region) -> list[FileStatement]:  # noqa: ARG002 - nothing else
        """A statement for each data record, when they are as many as the trailer says."""
        agree(trailer, "データ・レコード総件数", len(self._made))
        return self._made

    def end(self, end: Record, parts: int) -> None:  # noqa: ARG002 - it counts no parts
        """All records."""
        agree(end, "レコード総件数", end.number)

    def _account(self, record: Record) -> Account:
        header = self.header
        number = record.digits("口座番号")
        if not number:
            raise record.error("口座番号", number)
        branch = record.digits("支店コード") or header.digits("支店コード")
        same = branch == header.digits("支店コード")
        return Account(
            bank_code=header.digits("銀行コード") or None,
            bank_name=header.text("銀行名"),
            branch_code=branch or None,
            branch_name=header.text("支店名") if same else None,
            kind=ACCOUNT_KINDS.get(record.digits("預金種目"), AccountKind.OTHER),
            number=account_number(number),
            holder=record.text("口座名"),
        )

    def _moment(self, record: Record) -> datetime:
        """基準日 and 基準時刻: the balance may be older than the file."""
        clock = record.digits("基準時刻") or "0000"
        try:
            day = self.days.day(record.cell("基準日"), "基準日")
            moment = datetime.combine(day, time(int(clock[:2]), int(clock[2:])), JAPAN)
        except Damage as damage:
            raise record.error(damage.expected, damage.found) from None
        except ValueError:
            raise record.error("基準時刻 (HHMM)", clock) from None
        return moment.astimezone(UTC)
