"""This program and the PC it runs on."""

from collections.abc import Mapping

from hikae.model.problems import Needs, ProblemCode, Retry
from hikae.model.wordings.entry import ProblemEntry, ProblemTexts

ENTRIES: Mapping[ProblemCode, ProblemEntry] = {
    ProblemCode.DISK_FULL: ProblemEntry(
        Retry.LATER,
        Needs.PERSON,
        ja=ProblemTexts(
            "ディスクの空きがありません",
            "ディスクの空きが足りないため、明細を保管できません。",
            "不要なファイルを消してから、[再取得]を押してください。",
        ),
        en=ProblemTexts(
            "Disk full",
            "There is not enough room on the disk to keep transactions.",
            "Delete what you do not need, then press [Fetch again].",
        ),
    ),
    ProblemCode.CLOCK_WRONG: ProblemEntry(
        Retry.LATER,
        Needs.PERSON,
        ja=ProblemTexts(
            "時計が合っていません",
            "このパソコンの時計がずれています⟨({minutes}分)⟩。",
            "日付と時刻を自動で合わせる設定にしてください。",
        ),
        en=ProblemTexts(
            "The clock is wrong",
            "The clock of this PC is off⟨ by {minutes} min⟩.",
            "Let the system set date and time by itself.",
        ),
    ),
    ProblemCode.CANCELLED: ProblemEntry(
        Retry.NEVER,
        Needs.NOBODY,
        ja=ProblemTexts(
            "中止しました",
            "取得を中止しました。",
            "もう一度取得するときは[取得開始]を押してください。",
        ),
        en=ProblemTexts(
            "Cancelled",
            "The fetch was cancelled.",
            "To fetch again, press [Fetch].",
        ),
    ),
    ProblemCode.AGENT_OUTDATED: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "更新が必要です",
            "このパソコンのHikae⟨({version})⟩は古く、いまのクラウドでは使えません。",
            "[更新]を押してください。",
        ),
        en=ProblemTexts(
            "Update needed",
            "Hikae on this PC⟨ ({version})⟩ is too old for the cloud.",
            "Press [Update].",
        ),
    ),
    ProblemCode.UPDATE_REFUSED: ProblemEntry(
        Retry.NEVER,
        Needs.OPERATOR,
        ja=ProblemTexts(
            "更新を取りやめました",
            (
                "更新ファイルの署名を確かめられないため、更新しませんでした。"
                "いまの版はそのまま使えます。"
            ),
            "続くときは[診断]で記録を作り、サポートに送ってください。",
        ),
        en=ProblemTexts(
            "Update not installed",
            (
                "The signature of the update could not be verified, so it was not "
                "installed. The present version goes on working."
            ),
            "If it goes on, make a record with [Diagnose] and send it to support.",
        ),
    ),
    ProblemCode.KEYRING_UNAVAILABLE: ProblemEntry(
        Retry.LATER,
        Needs.PERSON,
        ja=ProblemTexts(
            "鍵の保管場所を使えません",
            "このパソコンの資格情報の保管場所を開けませんでした。",
            "パソコンにサインインし直し、Hikaeを起動してください。",
        ),
        en=ProblemTexts(
            "Keyring unavailable",
            "The credential store of this PC could not be opened.",
            "Sign in to the PC again and start Hikae.",
        ),
    ),
    ProblemCode.INTERNAL: ProblemEntry(
        Retry.LATER,
        Needs.OPERATOR,
        ja=ProblemTexts(
            "Hikaeの内部で問題が起きました",
            ("Hikaeの内部で予期しない問題が起きました⟨({reference})⟩。明細は失われていません。"),
            (
                "時間をおいて自動で取得します。続くときは[診断]で記録を作り、"
                "サポートに送ってください。"
            ),
        ),
        en=ProblemTexts(
            "A problem inside Hikae",
            (
                "Something unexpected happened inside Hikae⟨ ({reference})⟩. No "
                "transactions were lost."
            ),
            (
                "It is tried again later by itself. If it goes on, make a record with "
                "[Diagnose] and send it to support."
            ),
        ),
    ),
}
