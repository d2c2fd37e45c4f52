"""The bank's site: its hours, its limits, its pages."""

from collections.abc import Mapping

from hikae.model.problems import Needs, ProblemCode, Retry
from hikae.model.wordings.entry import ProblemEntry, ProblemTexts

ENTRIES: Mapping[ProblemCode, ProblemEntry] = {
    ProblemCode.OUT_OF_HOURS: ProblemEntry(
        Retry.AT,
        Needs.NOBODY,
        ja=ProblemTexts(
            "銀行の利用時間外です",
            "いまは銀行の利用時間外です。",
            "⟨{retry_at}から|利用時間になると⟩自動で取得します。",
        ),
        en=ProblemTexts(
            "Outside the bank's hours",
            "The bank's service is closed now.",
            "It is fetched by itself ⟨from {retry_at}|when the service opens⟩.",
        ),
    ),
    ProblemCode.MAINTENANCE: ProblemEntry(
        Retry.LATER,
        Needs.NOBODY,
        ja=ProblemTexts(
            "銀行のメンテナンス中です",
            "銀行のサービスがメンテナンスで止まっています。",
            "⟨{retry_at}から|終わると⟩自動で取得します。",
        ),
        en=ProblemTexts(
            "Maintenance at the bank",
            "The bank's service is down for maintenance.",
            "It is fetched by itself ⟨from {retry_at}|when it is over⟩.",
        ),
    ),
    ProblemCode.RATE_LIMITED: ProblemEntry(
        Retry.LATER,
        Needs.NOBODY,
        ja=ProblemTexts(
            "⟨続けての取得を控えました({minutes}分に1回まで)|銀行が混み合っています⟩",
            (
                "⟨銀行に続けてログインしないよう、パソコンで始めない取得は{minutes}分に1回、"
                "1日に{times}回までです。|銀行が、時間をおいてからの利用を求めています。⟩"
            ),
            (
                "⟨{retry_at}に|時間をおいて⟩自動で取得します。"
                "⟨パソコンで[取得開始]を押すと、{minutes}分を待たずに取得します。⟩"
            ),
        ),
        en=ProblemTexts(
            "⟨Fetched too often (once in {minutes} minutes at most)|The bank asks to wait⟩",
            (
                "⟨So as not to sign in at the bank again and again, a fetch that is not started "
                "on the PC runs once in {minutes} minutes and {times} times a day at most."
                "|The bank asks to come back later.⟩"
            ),
            (
                "It is fetched by itself ⟨at {retry_at}|later⟩."
                "⟨ [Fetch] on the PC does not wait for the {minutes} minutes.⟩"
            ),
        ),
    ),
    ProblemCode.SITE_CHANGED: ProblemEntry(
        Retry.NEVER,
        Needs.OPERATOR,
        ja=ProblemTexts(
            "銀行の画面が変わりました",
            "銀行の画面が変わったため、取得を止めました。",
            "対応までは[ファイル取込]をお使いください。",
        ),
        en=ProblemTexts(
            "The bank's pages changed",
            "The bank's pages have changed, so the fetch was stopped.",
            "Use [Import file] until this is dealt with.",
        ),
    ),
}
