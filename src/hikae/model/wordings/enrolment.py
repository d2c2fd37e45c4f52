"""Enrolling a PC, and its permission to serve."""

from collections.abc import Mapping

from hikae.model.problems import Needs, ProblemCode, Retry
from hikae.model.wordings.entry import ProblemEntry, ProblemTexts

ENTRIES: Mapping[ProblemCode, ProblemEntry] = {
    ProblemCode.AUTH_KEY_WRONG: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "認証キーが違います",
            "この認証キーは確認できませんでした。",
            "認証キーをもう一度コピーし、全部を貼り付けてください。",
        ),
        en=ProblemTexts(
            "Auth key not recognised",
            "This auth key could not be verified.",
            "Copy the auth key again and paste all of it.",
        ),
    ),
    ProblemCode.AUTH_KEY_USED: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "使用済みの認証キーです",
            "この認証キーはすでに使われています。認証キーは一度だけ使えます。",
            ("電子証明書連携の画面で[認証キーを発行]を押し、新しい認証キーを入力してください。"),
        ),
        en=ProblemTexts(
            "Auth key already used",
            "This auth key has been used. An auth key works once.",
            "Press [Issue auth key] on the client certificates page and enter the new one.",
        ),
    ),
    ProblemCode.AUTH_KEY_EXPIRED: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "認証キーの期限切れです",
            "この認証キーは発行から時間がたち、使えなくなりました。",
            "電子証明書連携の画面で[認証キーを発行]を押し、期限までに入力してください。",
        ),
        en=ProblemTexts(
            "Auth key expired",
            "This auth key was issued too long ago and no longer works.",
            (
                "Press [Issue auth key] on the client certificates page and enter it "
                "before it expires."
            ),
        ),
    ),
    ProblemCode.DEVICE_EXISTS: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "別のパソコンが登録されています",
            ("このアカウントにはパソコン⟨ {device} ⟩が登録されています。登録できるのは1台です。"),
            (
                "電子証明書連携の画面で[このパソコンの登録を解除]を押し、"
                "新しい認証キーで登録してください。"
            ),
        ),
        en=ProblemTexts(
            "Another PC is enrolled",
            "The PC⟨ {device}⟩ is enrolled for this account. An account has one PC.",
            (
                "Press [Release this PC] on the client certificates page, then enrol "
                "with a new auth key."
            ),
        ),
    ),
    ProblemCode.DEVICE_OFFLINE: ProblemEntry(
        Retry.LATER,
        Needs.PERSON,
        ja=ProblemTexts(
            "パソコンにつながりません",
            "パソコン⟨ {device} ⟩につながりません。",
            "電源を入れ、Hikaeを起動してください。",
        ),
        en=ProblemTexts(
            "The PC cannot be reached",
            "The PC⟨ {device}⟩ cannot be reached.",
            "Switch it on and start Hikae.",
        ),
    ),
    ProblemCode.DEVICE_RELEASED: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "パソコンの登録が解除されました",
            (
                "⟨オーナーが{owner}さんに変わりました。⟩"
                "このパソコン⟨({device})⟩の登録は解除されています⟨(解除: {by})⟩。"
            ),
            "続けて使うときは、新しい認証キーで登録してください。",
        ),
        en=ProblemTexts(
            "This PC was released",
            (
                "⟨{owner} is the owner now. ⟩This PC⟨ ({device})⟩ is no longer enrolled"
                "⟨ (released by {by})⟩."
            ),
            "To go on using it, enrol it with a new auth key.",
        ),
    ),
    ProblemCode.PLAN_REQUIRED: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "プランの変更が必要です",
            "電子証明書連携は⟨{plan}|対象のプラン⟩で使えます。",
            "プランの画面で内容を確かめ、変更してください。",
        ),
        en=ProblemTexts(
            "Another plan is needed",
            "Client certificates can be used with ⟨{plan}|the plans that include them⟩.",
            "See the plans page and change your plan.",
        ),
    ),
    ProblemCode.CONNECTION_STOPPED: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "連携を停止しています",
            "この連携は停止中です⟨({by}が停止)⟩。",
            "登録済一覧の[再開]と、パソコンの[取得を有効にする]を確かめてください。",
        ),
        en=ProblemTexts(
            "This link is stopped",
            "This link is stopped⟨ (by {by})⟩.",
            "Check [Resume] in the list of links and [Fetch from this bank] on the PC.",
        ),
    ),
    ProblemCode.INSTITUTION_PAUSED: ProblemEntry(
        Retry.LATER,
        Needs.OPERATOR,
        ja=ProblemTexts(
            "この金融機関は休止中です",
            "運営がこの金融機関の取得を休止しています。⟨{reason}⟩",
            "再開すると自動で取得します。お急ぎのときは[ファイル取込]をお使いください。",
        ),
        en=ProblemTexts(
            "This institution is paused",
            "The operator has paused fetching from this institution.⟨ {reason}⟩",
            "It is fetched by itself when it resumes. If it is urgent, use [Import file].",
        ),
    ),
}
