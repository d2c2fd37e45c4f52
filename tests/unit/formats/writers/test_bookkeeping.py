"""Files for 弥生, freee and マネーフォワード: their published columns, and rows that fit."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import msgspec
import pytest
from hypothesis import given

from hikae.formats.cleaning import clean
from hikae.formats.writers import freee, moneyforward, yayoi
from hikae.formats.writers.bookkeeping import Bookkeeping
from hikae.formats.writers.cp932 import respelled
from hikae.formats.writers.plain import one_line
from hikae.formats.writers.writer import Loss, Unwritable, Writer
from hikae.model.account import AccountKind
from hikae.model.statement import Statement
from tests.unit.formats.statements import (
    ACCOUNT,
    HOSTILE,
    PAID_IN,
    PAID_OUT,
    Repeated,
    statement,
    statements,
)
from tests.unit.formats.writers.written import told, written

ALL: Sequence[Writer] = (
    *(yayoi.write, moneyforward.write, freee.lines_of_bank, freee.deals, freee.journal),
)
SOLD = msgspec.structs.replace(
    PAID_IN, description="振込 サンプルシヨウジ", counterparty=None, edi=None
)


def read(file: bytes, encoding: str = "utf-8-sig") -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode(encoding), newline="")))


def test_yayoi_has_the_25_columns_of_the_vendors_list_without_headings() -> None:
    # 弥生 support page 18545 (仕訳データの項目と記述形式); the sample is built on it.
    books = Bookkeeping(decide=lambda _: "売掛金")
    file = written(partial(yayoi.write, books=books), statement(SOLD))
    assert file.decode("cp932") == (
        "2000,,,2026/10/05,普通預金,サンプル銀行,,対象外,110000,,売掛金,,,対象外,110000,,"
        "振込 サンプルシヨウジ,,,0,,,0,0,no\r\n"
    )
    assert len(yayoi.COLUMNS) == 25
    assert yayoi.COLUMNS[16:] == (
        *("摘要", "番号", "期日", "タイプ", "生成元", "仕訳メモ", "付箋1", "付箋2", "調整"),
    )


def test_freee_lines_are_day_signed_amount_and_words() -> None:
    # A layout that is known to be taken by 明細アップロード; its columns are assigned on screen.
    assert written(freee.lines_of_bank, statement(SOLD, PAID_OUT)).decode("utf-8") == (
        "\ufeff日付,金額,内容\r\n"
        "2026/10/05,110000,振込 サンプルシヨウジ\r\n"
        "2026/10/06,-3300,デンキ\r\n"
    )


def test_freee_deals_have_the_21_columns_of_the_vendors_sample() -> None:
    # freee help 202847320 (取引のインポート); three programs repeat the same headings.
    headings, came, went = read(written(freee.deals, statement(SOLD, PAID_OUT)))
    assert ",".join(headings) == (
        "収支区分,管理番号,発生日,決済期日,取引先コード,取引先,勘定科目,税区分,金額,税計算区分,"
        "税額,備考,品目,部門,メモタグ（複数指定可、カンマ区切り）,セグメント1,セグメント2,"
        "セグメント3,決済日,決済口座,決済金額"
    )
    assert ",".join(came) == (
        "収入,,2026/10/05,,,,仮受金,対象外,110000,内税,,振込 サンプルシヨウジ,,,,,,,"
        "2026/10/05,サンプル銀行,110000"
    )
    assert (went[0], went[6], went[8]) == ("支出", "仮払金", "3300")


def test_freee_journals_have_the_32_columns_that_are_matched_by_name() -> None:
    # freee help 204847430 (仕訳のインポート); the headings of a program that uses it.
    headings, came, went = read(written(freee.journal, statement(SOLD, PAID_OUT)))
    side = (
        *("勘定科目", "科目コード", "補助科目", "取引先", "取引先コード", "部門", "品目"),
        *("メモタグ", "セグメント1", "セグメント2", "セグメント3", "金額", "税区分", "税額"),
    )
    assert headings == [
        *("日付", "伝票番号", "決算整理仕訳"),
        *(f"借方{each}" for each in side),
        *(f"貸方{each}" for each in side),
        "摘要",
    ]
    filled = dict(zip(headings, came, strict=True))
    assert {name: text for name, text in filled.items() if text} == {
        "日付": "2026/10/05",
        "伝票番号": "1",
        "摘要": "振込 サンプルシヨウジ",
        "借方勘定科目": "普通預金",
        "借方補助科目": "サンプル銀行",
        "借方金額": "110000",
        "借方税区分": "対象外",
        "貸方勘定科目": "仮受金",
        "貸方金額": "110000",
        "貸方税区分": "対象外",
    }
    assert went[1] == "2"


def test_moneyforward_has_the_27_columns_of_the_vendors_template() -> None:
    # マネーフォワード guide ib01 and import2 (columns A to AA); exports of three programs.
    headings, came, went = read(written(moneyforward.write, statement(SOLD, PAID_OUT)))
    assert ",".join(headings) == (
        "取引No,取引日,借方勘定科目,借方補助科目,借方部門,借方取引先,借方税区分,借方インボイス,"
        "借方金額(円),借方税額,貸方勘定科目,貸方補助科目,貸方部門,貸方取引先,貸方税区分,"
        "貸方インボイス,貸方金額(円),貸方税額,摘要,仕訳メモ,タグ,MF仕訳タイプ,決算整理仕訳,"
        "作成日時,作成者,最終更新日時,最終更新者"
    )
    assert ",".join(came) == (
        "1,2026/10/05,普通預金,サンプル銀行,,,対象外,,110000,,仮受金,,,,対象外,,110000,,"
        "振込 サンプルシヨウジ,,,,,,,,"
    )
    assert (went[0], went[2], went[10], went[11]) == ("2", "仮払金", "普通預金", "サンプル銀行")


@pytest.mark.parametrize(
    ("kind", "name"),
    [(AccountKind.CURRENT, "当座預金"), (AccountKind.TIME, "定期預金")],
)
def test_the_own_account_follows_the_kind_unless_the_firm_names_it(
    kind: AccountKind, name: str
) -> None:
    original = statement(SOLD, account=replace(ACCOUNT, kind=kind))
    assert read(written(yayoi.write, original), "cp932")[0][4] == name
    books = Bookkeeping(own_account="預け金", own_sub_account="本店")
    [row] = read(written(partial(yayoi.write, books=books), original), "cp932")
    assert row[4:6] == ["預け金", "本店"]


@given(statements(text=HOSTILE))
def test_every_row_keeps_its_columns_and_amount_and_no_cell_is_a_formula(
    original: Statement,
) -> None:
    amounts = [abs(each.amount) for each in original.transactions]
    for writer, column, width, headings in (
        (yayoi.write, 8, 25, 0),
        (moneyforward.write, 8, 27, 1),
        (freee.deals, 8, 21, 1),
        (freee.journal, 14, 32, 1),
    ):
        file = written(writer, original)
        rows = read(file, "utf-8-sig" if headings else "cp932")[headings:]
        assert [int(row[column]) for row in rows] == amounts
        for row in rows:
            assert len(row) == width
            assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in row)
            assert not any("\n" in cell or "\r" in cell for cell in row)


@given(statements())
def test_what_cp932_lacks_or_yayoi_cuts_is_told_for_each_row(original: Statement) -> None:
    file, losses = told(yayoi.write, original)
    told_of = {loss.row for loss in losses if loss.field == "摘要"}
    for number, (row, each) in enumerate(
        zip(read(file, "cp932"), original.transactions, strict=True), start=1
    ):
        texts = (each.description, each.counterparty, each.edi)
        whole = " ".join(filter(None, map(one_line, texts)))
        assert number in told_of or clean(row[16]) == clean(respelled(whole))


def test_a_narration_of_yayoi_ends_after_30_full_width_characters_and_says_so() -> None:
    long = msgspec.structs.replace(SOLD, description="あ" * 31)
    file, losses = told(yayoi.write, statement(long))
    assert read(file, "cp932")[0][16] == "あ" * 30
    assert losses == [Loss(1, "摘要", "あ" * 31, "あ" * 30)]


@pytest.mark.parametrize("writer", ALL)
def test_another_currency_than_yen_is_refused(writer: Writer) -> None:
    with pytest.raises(Unwritable, match="USD"):
        written(writer, statement(SOLD, account=replace(ACCOUNT, currency="USD")))


@pytest.mark.parametrize("writer", [freee.lines_of_bank, freee.deals, freee.journal])
def test_a_file_that_freee_would_refuse_for_its_size_is_not_written(writer: Writer) -> None:
    with pytest.raises(Unwritable, match="5 MB"):
        written(writer, Repeated(500_000))
