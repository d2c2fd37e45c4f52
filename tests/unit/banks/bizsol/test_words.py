"""Where the words of the family lead, and where they never do."""

import re
from urllib.parse import urlsplit

import pytest

from hikae.banks.bizsol.words import LOOKING, PRESSES, REACHES
from hikae.catalogue.catalogue import load_catalogue


def reached(method: str, path: str, words: str = "照会") -> bool:
    return any(
        reach.method == method
        and (not reach.words or words in reach.words)
        and re.fullmatch(reach.path, path)
        for reach in REACHES
    )


@pytest.mark.parametrize(
    "path",
    [
        "/0138c/rblgi01/I1RBLGI01-S01.do",
        "/WUC_USR0104/rblgi01/BLGI001-BLGI001Info.do",
        "/0138c/rbtop01/BTOP001-BTOP001Menu.do",
        "/0138c/rbpt01/BPT001-BPT001Menu.do",
    ],
)
def test_signing_in_and_the_top_page_are_opened_and_sent_to_by_any_word(path: str) -> None:
    for words in PRESSES | {""}:
        assert reached("GET", path, words)
        assert reached("POST", path, words)


def test_every_sign_in_page_of_the_catalogue_is_reached() -> None:
    pages = [each.sign_in for each in load_catalogue().institutions if each.family == "bizsol"]
    assert any(pages)
    assert all(reached("GET", urlsplit(page).path, "") for page in filter(None, pages))


@pytest.mark.parametrize(
    "path",
    ["/0138c/rbssk01/BSSK001-BSSK001Inquiry.do", "/0138c/rbmsk01/BMSK001-BMSK001Inquire.do"],
)
def test_an_inquiry_is_sent_to_by_the_words_of_looking_and_never_opened_by_address(
    path: str,
) -> None:
    for words in PRESSES | {""}:
        assert reached("POST", path, words) is (words in LOOKING)
        assert not reached("GET", path, words)


@pytest.mark.parametrize(
    "path",
    [
        "/0138c/rbfkf01/BFKF001-BFKF001Execute.do",
        "/0138c/rbsgf01/BSGF013-BSGF013Confirm.do",
        "/0138c/rbssk01/BSSK007-BSSK007Confirm.do",
        "/0138c/rbssk01/BSSK001-BSSK007Confirm.do/",
        "/0138c/rbsms01/BSMS002-BSMS002Issue.do",
        "/0138c/rblis01/BLIS005-BLIS005Register.do",
        "/0138c/rbtri01/BTRI001-BTRI001Execute.do",
        "/0138c/rbmsk01/BFRI003-BFRI003Execute.do",
        "/0138c/rbmsk01/BMSK001-BFRI003Execute.do",
        "/0138c/rblgi01/BFRI003-BFRI003Execute.do",
        "/0138c/rbtop01/BRSK001-BRSK001Select.do",
        "/0138c/rbmsk01/I1RBFRI01-S01.do",
        "/0138c/rbmsk01/BMSK001.do",
        "/0138c/rbmsk01/BMSK001-BMSK001Inquire.do;jsessionid=1",
        "/0138c/x/rbmsk01/BMSK001-BMSK001Inquire.do",
        "/transfer",
    ],
)
def test_no_other_business_is_ever_reached(path: str) -> None:
    for words in PRESSES | {""}:
        assert not reached("GET", path, words)
        assert not reached("POST", path, words)
