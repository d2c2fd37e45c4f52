"""The shipped directory: every bank and branch, found by real names, without what made it."""

import gzip
import subprocess
import sys

import pytest
import zengin_code

from hikae.catalogue.catalogue import load_catalogue
from hikae.catalogue.directory import DATA, load_directory
from hikae.catalogue.search import Search, list_banks
from scripts import directory


@pytest.fixture(scope="module")
def search() -> Search:
    return Search(list_banks(load_catalogue(), load_directory()))


def test_the_shipped_directory_is_what_the_lists_say() -> None:
    assert gzip.decompress(DATA.read_bytes()) == gzip.decompress(directory.packed())


def test_every_bank_and_branch_of_the_lists_is_in_it() -> None:
    banks = load_directory()
    assert [bank.code for bank in banks] == sorted(zengin_code.Bank.all)
    for bank in banks:
        codes = [branch.code for branch in bank.branches]
        assert codes == sorted(zengin_code.Bank.all[bank.code].branches)


def test_it_is_small_enough_to_be_kept_with_the_code() -> None:
    assert DATA.stat().st_size < 1_000_000


@pytest.mark.parametrize(
    ("words", "name"),
    [
        *(("みずほ", "みずほ銀行"), ("mitsubishi", "三菱UFJ銀行"), ("smbc", "SMBC信託銀行")),
        *(("横浜", "横浜銀行"), ("ちば", "千葉銀行"), ("hokkaido", "北海道銀行")),
        *(("じょうなんしんきん", "城南信用金庫"), ("埼玉県信金", "埼玉縣信用金庫")),
        *(("jounan shinkin", "城南信用金庫"), ("kyoto chuo", "京都中央信用金庫")),
        *(("chuo rokin", "中央労働金庫"), ("JAさがみ", "さがみ農業協同組合")),
        *(("paypay", "PayPay銀行"), ("ゆうちょ", "ゆうちょ銀行"), ("9900", "ゆうちょ銀行")),
        *(("みずほ 丸の内", "みずほ銀行"), ("ドイツ銀行", "ドイツ"), ("ﾐﾅﾄ", "みなと銀行")),
    ],
)
def test_a_bank_of_the_country_comes_first_for_its_name(
    search: Search, words: str, name: str
) -> None:
    assert search.search(words, 1).found[0].listed.name == name


def test_banks_are_among_those_found_by_their_own_name_kana_and_code(search: Search) -> None:
    for bank in load_directory()[::5]:
        for words in (bank.name.replace(" ", ""), bank.kana.replace(" ", ""), bank.code):
            found = search.search(words, 30).found
            assert bank.code in {each.listed.code for each in found}, words


def test_nothing_that_runs_needs_the_lists() -> None:
    without = """
import sys
sys.modules["zengin_code"] = None  # importing it fails from here on
import django
from django.conf import settings
django.setup()
from hikae.cloud.institutions.offer import offer
from hikae.cloud.project import asgi, urls
print(offer().search.search("みずほ", 1).found[0].listed.code)
"""
    done = subprocess.run(
        [sys.executable, "-c", without],
        env={"DJANGO_SETTINGS_MODULE": "hikae.cloud.project.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "0001\n"
