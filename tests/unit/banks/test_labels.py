"""Labels are compared as a person reads them, and vocabularies can only be narrowed."""

from dataclasses import dataclass

import pytest

from hikae.banks.labels import Vocabulary, fold, plain
from hikae.catalogue.catalogue import CatalogueError
from hikae.catalogue.institution import Institution


@pytest.mark.parametrize(
    "written",
    [
        "ログイン",
        "ﾛｸﾞｲﾝ",
        " ロ グ　イン ",
        "[ログイン]",
        "【ログイン】",
        "「ログイン」",
        "→ログイン",
        "ログイン：",
        "※ログイン*",
    ],
)
def test_width_spaces_brackets_and_ornaments_make_no_difference(written: str) -> None:
    assert fold(written) == fold("ログイン")


def test_round_brackets_are_kept_but_their_width_is_not() -> None:
    assert fold("ファイル取得（ＡＮＳＥＲ形式）") == fold("ファイル取得(ANSER形式)")
    assert fold("ファイル取得(ANSER形式)") != fold("ファイル取得(全銀形式)")


def test_a_part_of_a_label_is_another_label() -> None:
    assert fold("ログイン") != fold("電子証明書ログイン")


def test_text_of_a_bank_loses_control_and_bidirectional_characters() -> None:
    assert plain("残高\u202e123\u0007\u200b \n\t円") == "残高123 円"


@dataclass(frozen=True, slots=True)
class Words(Vocabulary):
    leave: tuple[str, ...] = ("ログアウト", "ログオフ")
    home: tuple[str, ...] = ("ホームへ",)


def bank(**labels: tuple[str, ...]) -> Institution:
    return Institution("9901", "北町銀行", "キタマチ", "x", "", (), (), labels=labels)


def test_a_banks_own_word_takes_the_place_of_the_synonyms() -> None:
    words = Words().narrowed(bank(leave=("ログオフ",)))
    assert words.leave == ("ログオフ",)
    assert words.home == ("ホームへ",)


@pytest.mark.parametrize("own", [("振込実行",), ("ログオフ", "振込実行"), ()])
def test_a_data_file_cannot_teach_a_word_that_the_family_does_not_know(
    own: tuple[str, ...],
) -> None:
    with pytest.raises(CatalogueError, match=r"9901\.toml: labels\.leave"):
        Words().narrowed(bank(leave=own))


def test_a_vocabulary_lists_everything_it_may_say() -> None:
    assert Words().spoken() == {"ログアウト", "ログオフ", "ホームへ"}
