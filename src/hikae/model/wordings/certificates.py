"""Client certificates, their keys, and where these lie."""

from collections.abc import Mapping

from hikae.model.problems import Needs, ProblemCode, Retry
from hikae.model.wordings.entry import ProblemEntry, ProblemTexts

ENTRIES: Mapping[ProblemCode, ProblemEntry] = {
    ProblemCode.CERTIFICATE_MISSING: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "⟨電子証明書を選んでください(候補{candidates}枚)|電子証明書が見つかりません⟩",
            (
                "⟨この連携に使えそうな電子証明書が、このパソコンに{candidates}枚あります。"
                "|この連携に使える電子証明書がこのパソコンにありません。⟩"
                "⟨登録した利用者IDは {user_id} です。⟩"
            ),
            (
                "⟨パソコンの証明書の確認の画面で、{candidates}枚の中から選んでください。"
                "|電子証明書を取得したパソコンか確かめ、[一覧を読み直す]を押してください。⟩"
            ),
        ),
        en=ProblemTexts(
            "⟨Choose a certificate ({candidates} found)|No certificate found⟩",
            (
                "⟨This PC has {candidates} client certificates that may fit this link."
                "|This PC has no client certificate that fits this link.⟩"
                "⟨ The registered user ID is {user_id}.⟩"
            ),
            (
                "⟨Choose among the {candidates} on the PC, where it lists certificates."
                "|Check that this is the PC it was obtained on, then press [Reload list].⟩"
            ),
        ),
    ),
    ProblemCode.CERTIFICATE_EXPIRED: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "電子証明書の期限切れです",
            "電子証明書の期限が切れています。",
            "銀行で再発行を受け、[一覧を読み直す]を押してください。",
        ),
        en=ProblemTexts(
            "Certificate expired",
            "The client certificate has expired.",
            "Have the bank reissue it and press [Reload list].",
        ),
    ),
    ProblemCode.CERTIFICATE_NOT_YET_VALID: ProblemEntry(
        Retry.AT,
        Needs.NOBODY,
        ja=ProblemTexts(
            "電子証明書の開始前です",
            "電子証明書の有効期間がまだ始まっていません⟨({retry_at}から)⟩。",
            "開始までお待ちください。パソコンの時計が合っているかも確かめてください。",
        ),
        en=ProblemTexts(
            "Certificate not yet valid",
            "The client certificate is not valid yet⟨ (from {retry_at})⟩.",
            "Wait until it is. Check also that the clock of the PC is right.",
        ),
    ),
    ProblemCode.CERTIFICATE_REJECTED: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "電子証明書が受け付けられません",
            "銀行がこの電子証明書⟨(利用者ID {user_id})⟩を受け付けませんでした。",
            (
                "証明書の確認の画面で選び直すか、銀行で失効していないか確かめてください。"
                "⟨{retry_at}までは、パソコンで[取得開始]を押したときだけ試します。⟩"
            ),
        ),
        en=ProblemTexts(
            "Certificate rejected",
            "The bank did not accept this client certificate⟨ (user ID {user_id})⟩.",
            (
                "Choose another one, or ask the bank whether it has been revoked."
                "⟨ Until {retry_at} it is tried only when [Fetch] is pressed on the PC.⟩"
            ),
        ),
    ),
    ProblemCode.CERTIFICATE_MISMATCH: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "電子証明書の利用者IDが違います",
            "登録した利用者ID⟨ {expected} ⟩と、電子証明書の利用者ID⟨ {found} ⟩が違います。",
            "証明書の確認の画面で選び直すか、登録の利用者IDを直してください。",
        ),
        en=ProblemTexts(
            "Certificate of another user",
            (
                "The registered user ID⟨ {expected}⟩ and the user ID of the "
                "certificate⟨, {found},⟩ differ."
            ),
            "Choose another certificate, or correct the registered user ID.",
        ),
    ),
    ProblemCode.KEY_DENIED: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "電子証明書の使用が許可されていません",
            "Windowsの確認で、電子証明書の使用が許可されませんでした。",
            "[取得開始]を押し、Windowsの確認の内容を確かめて許可してください。",
        ),
        en=ProblemTexts(
            "Use of the certificate not allowed",
            "Windows asked for permission to use the client certificate and did not get it.",
            "Press [Fetch], check what Windows says, and allow it.",
        ),
    ),
    ProblemCode.KEY_UNREADABLE: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "電子証明書の鍵を使えません",
            (
                "電子証明書の鍵を読み取れませんでした。"
                "Windowsのアカウントやパスワードを変えると起こることがあります。"
            ),
            "銀行で電子証明書の再発行を受け、[一覧を読み直す]を押してください。",
        ),
        en=ProblemTexts(
            "Key cannot be used",
            (
                "The key of the client certificate cannot be read. This can follow a "
                "change of the Windows account or its password."
            ),
            "Have the bank reissue the certificate and press [Reload list].",
        ),
    ),
    ProblemCode.CARD_MISSING: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "カードが見つかりません",
            "ICカード、またはカードリーダーが見つかりません。",
            "リーダーをつなぎ、カードを差してから[再取得]を押してください。",
        ),
        en=ProblemTexts(
            "Card not found",
            "The IC card or its reader was not found.",
            "Connect the reader, insert the card, and press [Fetch again].",
        ),
    ),
    ProblemCode.PIN_WRONG: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "暗証番号が違います",
            (
                "カードの暗証番号が受け付けられませんでした⟨(あと{tries}回)⟩。"
                "カードがロックされるのを防ぐため自動取得を止めています。"
            ),
            "暗証番号を確かめ、入力し直してください。",
        ),
        en=ProblemTexts(
            "PIN not accepted",
            (
                "The PIN of the card was not accepted⟨ (tries left: {tries})⟩. Automatic "
                "fetching is stopped so that the card is not locked."
            ),
            "Check the PIN and enter it again.",
        ),
    ),
}
