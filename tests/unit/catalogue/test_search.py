"""A bank is found however a person writes it."""

import pytest

from hikae.catalogue.catalogue import Catalogue
from hikae.catalogue.directory import Bank, Branch
from hikae.catalogue.institution import Institution
from hikae.catalogue.search import Findings, Search, list_banks

MINATO = Institution(
    *("9902", "みなと信用金庫", "ミナトシンヨウキンコ", "bizsol", "", (), ()),
    romaji="minato shinyou kinko",
    verified="みほん商店 2026-11-01",
)
KYUSHO = Institution("9904", "久祥銀行", "キュウショウギンコウ", "bizsol", "", (), ())
CLOSED = Institution(
    *("9905", "北みなと信用金庫", "キタミナトシンヨウキンコ", "bizsol", "", (), ()),
    certificate=False,
)
DIRECTORY = (
    Bank("0900", "北町銀行", "キタマチギンコウ", (Branch("001", "本店営業部", "ホンテン"),)),
    Bank("0901", "三星UFJ銀行", "ミツボシユーエフジエイギンコウ", ()),
    Bank("0902", "ロッテルダム", "ロツテルダム", ()),
    Bank("2900", "清洲縣庁信用組合", "キヨスケンチヨウシンヨウクミアイ", ()),
    Bank(
        "3900",
        "札幌きよた農業協同組合",
        "サツポロキヨタノウギヨウキヨウドウクミアイ",
        (
            Branch("001", "丸の内中央", "マルノウチチユウオウ"),
            Branch("002", "新宿", "シンジユク"),
            Branch("003", "西新宿", "ニシシンジユク"),
        ),
    ),
    Bank("9902", "みなと信用金庫", "ミナトシンヨウキンコ", (Branch("007", "新橋", "シンバシ"),)),
)
SEARCH = Search(list_banks(Catalogue((MINATO, KYUSHO, CLOSED)), DIRECTORY))


def search(words: str, most: int = 20) -> Findings:
    return SEARCH.search(words, most)


def found(words: str) -> list[str]:
    return [each.listed.code for each in search(words).found]


@pytest.mark.parametrize(
    "words",
    [
        *("北町", "きたまち", "キタマチ", "ｷﾀﾏﾁ", "kitamachi", "KITAMACHI", "ｋｉｔａｍａｃｈｉ"),
        *("kitamati", "北町銀行", "きたまちぎんこう", "0900", "０９００"),
    ],
)
def test_a_bank_is_found_by_name_kana_romaji_and_code(words: str) -> None:
    assert found(words) == ["0900"]


@pytest.mark.parametrize(
    "words",
    [
        *("きゅうしょう", "キユウシヨウ", "ｷﾕｳｼﾖｳｷﾞﾝｺｳ", "kyuushou", "kyusho", "kyūshō", "kyūshô"),
        *("kyusyo", "kyuusyou", "kyushou ginko"),
    ],
)
def test_long_vowels_and_small_kana_may_be_written_in_any_way(words: str) -> None:
    assert found(words) == ["9904"]


@pytest.mark.parametrize(
    "words", ["sapporo", "さっぽろ", "サツポロ", "satsuporo", "札幌", "sappor", "sapp", "sap"]
)
def test_a_name_is_found_while_it_is_typed(words: str) -> None:
    assert found(words) == ["3900"]


def test_what_the_directory_writes_alike_is_found_either_way() -> None:
    assert found("kiyosu") == found("kiyosukencho") == found("きよすけんちょう") == ["2900"]


@pytest.mark.parametrize("words", ["mitsuboshi", "mituboshiyuu", "みつぼしゆー", "三星UFJ", "ufj"])
def test_a_syllable_does_not_hide_behind_the_one_after_it(words: str) -> None:
    assert found(words) == ["0901"]


@pytest.mark.parametrize("words", ["shimbashi", "shinbashi", "sinbasi", "しんばし", "新橋支店"])
def test_a_bank_is_found_by_a_branch_and_says_which(words: str) -> None:
    [only] = search(words).found
    assert (only.listed.code, only.branches) == ("9902", ("新橋",))


def test_all_branches_that_fit_are_told_in_order_once() -> None:
    [only] = search("しんじゅく 新宿").found
    assert only.branches == ("新宿", "西新宿")


def test_of_a_bank_found_by_its_name_no_branch_is_told_but_those_asked_for() -> None:
    assert search("みなと").found[0].branches == ()
    assert search("札幌 丸の内").found[0].branches == ("丸の内中央",)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        *(
            ("清洲縣庁信組", "2900"),
            ("清洲県庁信用組合", "2900"),
            ("きよすけんちょうしんくみ", "2900"),
        ),
        *(
            ("札幌きよた農協", "3900"),
            ("JA札幌きよた", "3900"),
            ("さっぽろきよたのうきょう", "3900"),
        ),
        *(("ロッテルダム銀行", "0902"), ("北町", "0900")),
    ],
)
def test_short_forms_of_the_kind_of_bank_are_understood(words: str, code: str) -> None:
    assert found(words) == [code]


@pytest.mark.parametrize(
    "words", ["みなと信金", "みなと信用金庫", "みなとしんきん", "minatoshinkin"]
)
def test_the_short_form_finds_the_whole_name_first(words: str) -> None:
    assert found(words) == ["9902", "9905"]


def test_every_word_must_fit() -> None:
    assert found("北 信用金庫") == ["9905"]
    assert found("北町 信用金庫") == []


def test_the_closest_comes_first_a_branch_last() -> None:
    assert found("みなと") == ["9902", "9905"]
    assert found("北") == ["0900", "9905"]
    assert found("しん")[-1] == "3900"


def test_what_the_agent_fetches_comes_before_what_fits_as_well() -> None:
    assert found("きん") == ["9902", "9905"]
    assert found("990")[:2] == ["9902", "9904"]


def test_a_code_is_not_searched_in_the_middle_nor_among_branches() -> None:
    assert found("02") == found("007") == []
    assert found("09") == ["0900", "0901", "0902"]


@pytest.mark.parametrize("words", ["", "  ・ ", "　", "ー"])
def test_nothing_typed_finds_nothing(words: str) -> None:
    assert search(words) == Findings()


@pytest.mark.parametrize("words", ["zzz", "qx", "どこにもない", "\n", "北町\n本店", "%", "a" * 80])
def test_what_nobody_has_is_not_found(words: str) -> None:
    assert found(words) in ([], ["0900"] if "\n" in words and words.strip() else [])


def test_no_more_than_wanted_are_given_but_all_are_counted() -> None:
    findings = search("銀行", most=1)
    assert (len(findings.found), findings.total, findings.more) == (1, 4, 3)


def test_three_kinds_are_told_apart() -> None:
    banks = {each.code: each for each in list_banks(Catalogue((MINATO, KYUSHO, CLOSED)), DIRECTORY)}
    kinds = {code: (each.fetched, each.unverified) for code, each in banks.items()}
    assert kinds["9902"] == (True, False)
    assert kinds["9904"] == (True, True)
    assert kinds["9905"] == kinds["0900"] == (False, False)
    assert [banks[code].title for code in ("9902", "9905", "0900")] == [
        *("みなと信用金庫(電子証明書)", "北みなと信用金庫", "北町銀行"),
    ]
