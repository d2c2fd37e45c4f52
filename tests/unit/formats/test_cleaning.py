"""Texts at the border."""

import pytest

from hikae.formats.accounts import account_kind, account_number
from hikae.formats.cleaning import clean
from hikae.model.account import AccountKind


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("ﾎｸﾄｷﾞﾝｺｳ  ", "ホクトギンコウ"),
        ("ﾊﾟｰﾄ", "パート"),
        ("\u3000ＡＢＣ　１２３\u3000", "ABC 123"),
        ("a\r\nb\tc", "a  b c"),
        ("a\x00b\x1bc\u202ed\u2066e\ufefff", "abcdef"),
        ("", None),
        ("\u3000 \x00", None),
    ],
)
def test_text_is_written_one_way_and_cannot_steer_a_screen(raw: str, text: str | None) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("普通", AccountKind.ORDINARY),
        ("普通預金", AccountKind.ORDINARY),
        ("当座", AccountKind.CURRENT),
        ("納税準備", AccountKind.TAX),
        ("貯蓄", AccountKind.SAVINGS),
        ("通知", AccountKind.NOTICE),
        ("定期", AccountKind.TIME),
        ("積立定期", AccountKind.INSTALMENT),
        ("その他", AccountKind.OTHER),
        ("外貨普通", AccountKind.OTHER),
    ],
)
def test_the_banks_words_name_the_kind_of_account(word: str, kind: AccountKind) -> None:
    assert account_kind(word) is kind


def test_numbers_have_seven_digits_or_more() -> None:
    numbers = ["0000036041", "36041", "1234567890", "0000000000"]
    assert [account_number(digits) for digits in numbers] == [
        *("0036041", "0036041", "1234567890", "0000000"),
    ]
