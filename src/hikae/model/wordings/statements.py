"""Statements and files that do not add up, or not together."""

from collections.abc import Mapping

from hikae.model.problems import Needs, ProblemCode, Retry
from hikae.model.wordings.entry import ProblemEntry, ProblemTexts

ENTRIES: Mapping[ProblemCode, ProblemEntry] = {
    ProblemCode.STATEMENT_INCONSISTENT: ProblemEntry(
        Retry.LATER,
        Needs.NOBODY,
        ja=ProblemTexts(
            "残高が合いません",
            (
                "銀行の明細の残高が合わないため、保存しませんでした⟨({row}件目)⟩。"
                "⟨計算では{expected}円、明細では{found}円です。⟩"
            ),
            "時間をおいて自動で取得します。続くときは銀行の画面と見比べてください。",
        ),
        en=ProblemTexts(
            "Balances do not agree",
            (
                "The balances of the statement do not agree⟨ (row {row})⟩, so it was not "
                "stored.⟨ Calculated {expected} yen, stated {found} yen.⟩"
            ),
            ("It is fetched again later by itself. If it goes on, compare with the bank's page."),
        ),
    ),
    ProblemCode.STATEMENT_GAP: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "明細が抜けています",
            "⟨{period}の|一部の日の⟩明細がありません。",
            "⟨{until}までに⟩[再取得]を押してください。",
        ),
        en=ProblemTexts(
            "Transactions are missing",
            "The transactions of ⟨{period}|some days⟩ are missing.",
            "Press [Fetch again]⟨ by {until}⟩.",
        ),
    ),
    ProblemCode.UNREADABLE_FILE: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "ファイルを読み取れません",
            (
                "ファイル⟨「{file}」⟩を読み取れませんでした⟨({record}番目のレコード)⟩⟨({row}行目)⟩。"
                "⟨必要な内容: {expected}。⟩⟨実際の内容: {found}。⟩"
            ),
            "銀行からファイルを取り直し、開いて保存し直さずに選んでください。",
        ),
        en=ProblemTexts(
            "File cannot be read",
            (
                "The file⟨ “{file}”⟩ could not be read⟨ (record {record})⟩⟨ (row {row})⟩."
                "⟨ Expected: {expected}.⟩⟨ Found: {found}.⟩"
            ),
            "Download it from the bank again and choose it without opening and saving it.",
        ),
    ),
}
