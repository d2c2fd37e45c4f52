"""Signing in at the bank, and what it asks for on the way."""

from collections.abc import Mapping

from hikae.model.problems import Needs, ProblemCode, Retry
from hikae.model.wordings.entry import ProblemEntry, ProblemTexts

ENTRIES: Mapping[ProblemCode, ProblemEntry] = {
    ProblemCode.WRONG_PASSWORD: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "パスワードが違います",
            ("銀行がパスワードを受け付けませんでした。ロックを防ぐため自動取得を止めています。"),
            (
                "⟨{retry_at}までは、パソコンで[取得開始]を押したときだけ試します。|"
                "[ログイン情報を直す]を押してください。⟩"
            ),
        ),
        en=ProblemTexts(
            "Password not accepted",
            (
                "The bank did not accept the password. Automatic fetching is stopped so "
                "that the bank does not lock you out."
            ),
            (
                "⟨Until {retry_at} it is tried only when [Fetch] is pressed on the PC.|"
                "Press [Correct login information].⟩"
            ),
        ),
    ),
    ProblemCode.ACCOUNT_LOCKED: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "銀行で利用が止められています",
            "銀行がこの利用者のログインを止めています。",
            (
                "⟨{retry_at}までは、パソコンで[取得開始]を押したときだけ試します。|"
                "銀行で利用の再開を受けてから、[ログイン情報を直す]を押してください。⟩"
            ),
        ),
        en=ProblemTexts(
            "Locked by the bank",
            "The bank has locked this user.",
            (
                "⟨Until {retry_at} it is tried only when [Fetch] is pressed on the PC.|"
                "Have the bank unlock it, then press [Correct login information].⟩"
            ),
        ),
    ),
    ProblemCode.CHALLENGE_WAITING: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "追加認証が必要です",
            "銀行が追加認証を求めています⟨(残り{minutes}分)⟩。",
            "[追加認証を入力]を押してください。",
        ),
        en=ProblemTexts(
            "The bank asks for more",
            "The bank asks for an additional authentication⟨ ({minutes} min left)⟩.",
            "Press [Enter authentication].",
        ),
    ),
    ProblemCode.CHALLENGE_WRONG: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "追加認証が違います",
            "銀行が追加認証の入力を受け付けませんでした。",
            (
                "⟨{retry_at}までは、パソコンで[取得開始]を押したときだけ試します。|"
                "内容を確かめ、[追加認証を入力]を押してください。⟩"
            ),
        ),
        en=ProblemTexts(
            "Authentication not accepted",
            "The bank did not accept the additional authentication.",
            (
                "⟨Until {retry_at} it is tried only when [Fetch] is pressed on the PC.|"
                "Check it and press [Enter authentication].⟩"
            ),
        ),
    ),
    ProblemCode.CHALLENGE_TIMEOUT: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "入力の時間が過ぎました",
            "入力の時間が過ぎました。",
            "お手元に準備して[もう一度始める]を押してください。",
        ),
        en=ProblemTexts(
            "Time is up",
            "The time to answer has passed.",
            "Have what you need at hand and press [Start again].",
        ),
    ),
    ProblemCode.NOTICE_PENDING: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "銀行のお知らせがあります",
            "銀行が確認を求めるお知らせ⟨「{notice}」⟩を出しています。",
            "銀行にログインしてお知らせを確かめてから、[再取得]を押してください。",
        ),
        en=ProblemTexts(
            "The bank has a notice",
            "The bank shows a notice⟨ “{notice}”⟩ that must be confirmed.",
            "Sign in at the bank, read the notice, then press [Fetch again].",
        ),
    ),
    ProblemCode.PASSWORD_CHANGE_REQUIRED: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "パスワードの変更が必要です",
            "銀行がログインパスワードの変更を求めています。",
            "銀行で変更してから、[ログイン情報を直す]を押してください。",
        ),
        en=ProblemTexts(
            "Password must be changed",
            "The bank asks for a new login password.",
            "Change it at the bank, then press [Correct login information].",
        ),
    ),
    ProblemCode.REGISTRATION_REQUIRED: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "銀行での登録が必要です",
            "銀行が利用の前に登録⟨「{registration}」⟩を求めています。",
            "銀行にログインして登録を済ませてから、[再取得]を押してください。",
        ),
        en=ProblemTexts(
            "Registration at the bank needed",
            "The bank asks for a registration⟨ “{registration}”⟩ first.",
            "Sign in at the bank, complete it, then press [Fetch again].",
        ),
    ),
    ProblemCode.SIGNED_IN_ELSEWHERE: ProblemEntry(
        Retry.LATER,
        Needs.NOBODY,
        ja=ProblemTexts(
            "別の場所でログイン中です",
            "同じ利用者が銀行にログインしているため、取得を控えました。",
            "時間をおいて自動で取得します。照会専用の利用者を分けると重なりません。",
        ),
        en=ProblemTexts(
            "Signed in elsewhere",
            "The same user is signed in at the bank, so the fetch stood back.",
            "It is tried again later by itself. A separate view-only user avoids this.",
        ),
    ),
}
