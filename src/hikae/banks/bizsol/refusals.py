"""What a sentence on a BizSOL page means when the dialog cannot go on."""

import re
import unicodedata

from hikae.banks.errors import BankError, PageError
from hikae.banks.page import Page
from hikae.model.problems import Problem, ProblemCode

_QUOTED = 200
_ELSEWHERE = (
    r"同一の.*ログイン|別の(ユーザ|利用者|端末).*ログイン|二重ログイン|(既|すで)にログイン"
    r"|ログアウト(せず|しないで|されてい|の操作|を行わ)"
)
_LOCKED = (
    r"ロック(アウト)?(され(た|て|まし)|しました|して|中)|停止(しました|され|して[いお]り?ます|中|状態)"
    r"|利用が?できなくなりました|ご利用停止"
)
_CHALLENGE = (
    r"(ワンタイムパスワード|認証番号|回答).*(誤|違|正しく|一致し|相違|ありません|エラー)"
    r"|^認証に.*失敗"
)
_PASSWORD = r"パスワード.*(誤|違|正しく|一致し|相違)|(誤|違|正しく).*パスワード"  # noqa: S105
_EXPIRED = r"証明書.*(期限切れ|満了|期限が(切れ|過ぎ))"
_NOT_YET = r"証明書.*(開始して|開始前|有効期間前)"
_REJECTED = r"証明書.*(失効|無効|確認できません|認証できません|一致し|提示|選択されて)"
_SENTENCES = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (_ELSEWHERE, ProblemCode.SIGNED_IN_ELSEWHERE),
        (_LOCKED, ProblemCode.ACCOUNT_LOCKED),
        (_CHALLENGE, ProblemCode.CHALLENGE_WRONG),
        (_PASSWORD, ProblemCode.WRONG_PASSWORD),
        (_EXPIRED, ProblemCode.CERTIFICATE_EXPIRED),
        (_NOT_YET, ProblemCode.CERTIFICATE_NOT_YET_VALID),
        (_REJECTED, ProblemCode.CERTIFICATE_REJECTED),
        (r"メンテナンス|保守作業|システム(停止|休止|調整)", ProblemCode.MAINTENANCE),
        (r"時間外|(ご利用|サービス)時間", ProblemCode.OUT_OF_HOURS),
        (r"混(み合|雑)|アクセス(が集中|制限)|回数.*(制限|超え)", ProblemCode.RATE_LIMITED),
        (r"タイムアウト|セッション|一定時間", ProblemCode.BANK_UNREACHABLE),
    )
)
_STATUSES = {
    403: ProblemCode.CERTIFICATE_REJECTED,
    429: ProblemCode.RATE_LIMITED,
    503: ProblemCode.MAINTENANCE,
}


def refusal(page: Page) -> BankError:
    """The error that a page amounts to on which the dialog cannot go on.

    The bank's own words are quoted. A page that says nothing known is site_changed.
    """
    for line in page.text.splitlines():
        if code := meaning(line):
            words = line if "。" in line else quoted(page) or line
            return BankError(Problem(code, bank_words=words[:_QUOTED]))
    if code := _STATUSES.get(page.status):
        return BankError(Problem(code))
    if page.status >= 500:
        return BankError(Problem(ProblemCode.BANK_UNREACHABLE, {"status": page.status}))
    return PageError(page.heading, quoted(page))


def meaning(sentence: str) -> ProblemCode | None:
    """What a sentence of the bank says about why it refuses."""
    text = unicodedata.normalize("NFKC", sentence).replace(" ", "")
    return next((code for pattern, code in _SENTENCES if pattern.search(text)), None)


def quoted(page: Page) -> str:
    """The sentences of a page, bounded, for a person who is to know what the bank said."""
    sentences = (line for line in page.text.splitlines() if "。" in line or "?" in line)
    return "\n".join(sentences)[:_QUOTED]
