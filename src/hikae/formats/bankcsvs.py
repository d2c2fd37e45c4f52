"""The CSV files of banks that are known: adding one is adding a description.

What the banks themselves do not publish stands here as users of their files describe it; such a
description says so in its `source`.
"""

from hikae.formats.bankcsv import AccountColumns, BankCsv, Directed, Sides, Signed, SplitDay
from hikae.formats.zengin_parts import TRANSACTION_KINDS
from hikae.model.statement import TransactionKind

_THIRD_PARTY = "users' descriptions"

_BIZSTATION = BankCsv(
    name="三菱UFJ銀行 BizSTATION 入出金明細",
    source=_THIRD_PARTY,
    headings=(
        *("金融機関コード", "金融機関名", "支店コード", "支店名", "科目", "口座番号", "口座名"),
        *("取引日", "入払区分", "取引区分", "取引金額", "内他店券金額"),
        *("手形・小切手区分", "手形・小切手番号", "振込依頼人番号", "振込依頼人名"),
        *("仕向金融機関名", "仕向支店名", "摘要", "EDI情報"),
    ),
    day="取引日",
    without_era=True,
    money=Directed("取引金額", "入払区分", into="1", out="2"),
    kind="取引区分",
    kinds=TRANSACTION_KINDS,
    description=("摘要",),
    counterparty="振込依頼人名",
    edi="EDI情報",
    account=AccountColumns(
        bank_code="金融機関コード",
        bank_name="金融機関名",
        branch_code="支店コード",
        branch_name="支店名",
        kind="科目",
        number="口座番号",
        holder="口座名",
    ),
)

_MUFG_DIRECT = BankCsv(
    name="三菱UFJダイレクト 入出金明細",
    source=_THIRD_PARTY,
    headings=(
        *("日付", "摘要", "摘要内容", "支払い金額", "預かり金額", "差引残高"),
        *("メモ", "未資金化区分", "入払区分"),
    ),
    day="日付",
    money=Sides(out="支払い金額", into="預かり金額"),
    balance="差引残高",
    description=("摘要", "摘要内容"),
    # Where such a row has a balance, that counts it already: its cheque is only not yet paid.
    marks={"未資金化区分": TransactionKind.CHEQUE_DEPOSIT},
)

_MIZUHO_DIRECT = BankCsv(
    name="みずほダイレクト",
    source=_THIRD_PARTY,
    headings=("明細通番", "日付", "お引出金額", "お預入金額", "残高", "お取引内容"),
    day="日付",
    money=Sides(out="お引出金額", into="お預入金額"),
    balance="残高",
    description=("お取引内容",),
)

_JAPAN_POST = BankCsv(
    name="ゆうちょダイレクト",
    source=_THIRD_PARTY,
    headings=(
        *("取引日", "入出金明細ID", "受入金額(円)", "払出金額(円)", "詳細1", "詳細2"),
        "現在(貸付)高",
    ),
    day="取引日",
    money=Sides(out="払出金額(円)", into="受入金額(円)"),
    balance="現在(貸付)高",
    description=("詳細1", "詳細2"),
    reference="入出金明細ID",
)

_PAYPAY = BankCsv(
    name="PayPay銀行",
    source=_THIRD_PARTY,
    headings=(
        *("操作日(年)", "操作日(月)", "操作日(日)", "操作時刻(時)", "操作時刻(分)", "操作時刻(秒)"),
        *("取引順番号", "摘要", "お支払金額", "お預り金額", "残高", "メモ"),
    ),
    day=SplitDay("操作日(年)", "操作日(月)", "操作日(日)"),
    money=Sides(out="お支払金額", into="お預り金額"),
    balance="残高",
    description=("摘要",),
)

_RAKUTEN = BankCsv(
    name="楽天銀行",
    source=_THIRD_PARTY,
    headings=("取引日", "入出金(円)", "取引後残高(円)", "入出金内容"),
    day="取引日",
    money=Signed("入出金(円)"),
    balance="取引後残高(円)",
    description=("入出金内容",),
)


def _sbi(day: str) -> BankCsv:
    return BankCsv(
        name="住信SBIネット銀行",
        source=_THIRD_PARTY,
        headings=(day, "内容", "出金金額(円)", "入金金額(円)", "残高(円)", "メモ"),
        day=day,
        money=Sides(out="出金金額(円)", into="入金金額(円)"),
        balance="残高(円)",
        description=("内容",),
    )


def _gmo_aozora(day: str) -> BankCsv:
    return BankCsv(
        name="GMOあおぞらネット銀行",
        source=_THIRD_PARTY,
        headings=(day, "摘要", "入金金額", "出金金額", "残高", "メモ"),
        day=day,
        money=Sides(out="出金金額", into="入金金額"),
        balance="残高",
        description=("摘要",),
    )


BANK_CSVS = (
    *(_BIZSTATION, _MUFG_DIRECT, _MIZUHO_DIRECT, _JAPAN_POST, _PAYPAY, _RAKUTEN),
    *(_sbi("日付"), _sbi("取引日"), _gmo_aozora("日付"), _gmo_aozora("取引日")),
)
