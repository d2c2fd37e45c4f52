"""A bank's sentence is understood as the Problem that it means."""

import pytest

from hikae.banks.bizsol.refusals import meaning
from hikae.model.problems import ProblemCode


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("同一のログインIDで、別のユーザがログインしました。", ProblemCode.SIGNED_IN_ELSEWHERE),
        (
            "前回ログアウトせずに終了したため、しばらくログインできません。",
            ProblemCode.SIGNED_IN_ELSEWHERE,
        ),
        ("ログインパスワードに誤りがあります。", ProblemCode.WRONG_PASSWORD),
        ("入力されたパスワードが正しくありません。", ProblemCode.WRONG_PASSWORD),
        ("パスワードを規定回数誤ったため、ロックされました。", ProblemCode.ACCOUNT_LOCKED),
        ("サービスがご利用できなくなりました。", ProblemCode.ACCOUNT_LOCKED),
        ("ワンタイムパスワードに誤りがあります。", ProblemCode.CHALLENGE_WRONG),
        ("ワンタイムパスワード認証エラー", ProblemCode.CHALLENGE_WRONG),
        ("認証に規定回数失敗しました。", ProblemCode.CHALLENGE_WRONG),
        ("電子証明書の有効期限が切れています。", ProblemCode.CERTIFICATE_EXPIRED),
        ("電子証明書の有効期間が開始していません。", ProblemCode.CERTIFICATE_NOT_YET_VALID),
        ("電子証明書は失効しています。", ProblemCode.CERTIFICATE_REJECTED),
        ("只今システムメンテナンス中です。", ProblemCode.MAINTENANCE),
        ("ただいまサービス時間外です。", ProblemCode.OUT_OF_HOURS),
        ("ただいま混み合っております。", ProblemCode.RATE_LIMITED),
        ("セッションがタイムアウトしました。", ProblemCode.BANK_UNREACHABLE),
        ("ﾛｸﾞｲﾝﾊﾟｽﾜｰﾄﾞ に 誤り があります。", ProblemCode.WRONG_PASSWORD),
    ],
)
def test_a_refusal_is_told_from_the_others(sentence: str, code: ProblemCode) -> None:
    assert meaning(sentence) is code


@pytest.mark.parametrize(
    "sentence",
    [
        "ログインパスワードを入力してください。",
        "続けて誤るとロックされる場合があります。",
        "電子証明書の有効期限は2027年11月24日です。",
        "トップページ",
        "ご利用ありがとうございました。",
    ],
)
def test_an_ordinary_sentence_is_no_refusal(sentence: str) -> None:
    assert meaning(sentence) is None
