"""An institution is found however a person writes its name."""

import pytest

from hikae.catalogue.institution import Institution
from hikae.catalogue.search import search


def bank(code: str, name: str, kana: str, romaji: str) -> Institution:
    return Institution(code, name, kana, "bizsol", "", (), (), romaji=romaji)


KITAMACHI = bank("9901", "北町銀行", "キタマチギンコウ", "kitamachi ginkou")
MINATO = bank("9902", "みなと信用金庫", "ミナトシンヨウキンコ", "minato shinyou kinko")
KITAMINATO = bank(
    "9903", "北みなと信用金庫", "キタミナトシンヨウキンコ", "kitaminato shinyou kinko"
)
KYUSHO = bank("9904", "久祥銀行", "キュウショウギンコウ", "kyuushou ginkou")
ALL = (KITAMACHI, KYUSHO, KITAMINATO, MINATO)


@pytest.mark.parametrize(
    "words",
    [
        "北町",
        "きたまち",
        "キタマチ",
        "ｷﾀﾏﾁ",
        "kitamachi",
        "KITAMACHI",
        "ｋｉｔａｍａｃｈｉ",
        "9901",
        "９９０１",
    ],
)
def test_a_bank_is_found_by_name_kana_romaji_and_code(words: str) -> None:
    assert search(ALL, words) == [KITAMACHI]


@pytest.mark.parametrize(
    "words", ["きゅうしょう", "ｷﾕｳｼﾖｳｷﾞﾝｺｳ", "kyuushou", "kyusho", "kyūshō", "kyushou ginko"]
)
def test_long_vowels_and_small_kana_may_be_written_either_way(words: str) -> None:
    assert search(ALL, words) == [KYUSHO]


def test_a_short_form_of_the_kind_of_bank_is_understood() -> None:
    assert search(ALL, "みなと信金") == [MINATO, KITAMINATO]


def test_every_word_must_fit() -> None:
    assert search(ALL, "北 信用金庫") == [KITAMINATO]
    assert search(ALL, "北町 信用金庫") == []


def test_the_closest_name_comes_first() -> None:
    assert search(ALL, "みなと") == [MINATO, KITAMINATO]


def test_a_code_is_not_searched_in_the_middle() -> None:
    assert search(ALL, "90") == []


def test_nothing_typed_lists_everything_in_order() -> None:
    assert search(ALL, "  ・ ") == list(ALL)
