"""認証キー: what a person copies, and what is refused before anything is sent."""

import pytest

from hikae.link import authkey
from hikae.link.authkey import AuthKey, AuthKeyError

KEY = AuthKey("https://cloud.example:8443", bytes(range(20)))


def test_a_key_read_back_names_the_same_cloud_and_secret() -> None:
    assert authkey.parse(KEY.text()) == KEY


def test_spaces_line_breaks_and_capitals_in_a_copied_key_are_ignored() -> None:
    text = KEY.text()
    assert authkey.parse(f" {text[:20]}\n {text[20:].upper()}\t") == KEY


def test_one_mistyped_character_anywhere_is_noticed() -> None:
    text = KEY.text()
    for place, letter in enumerate(text):
        other = "b" if letter != "b" else "c"
        with pytest.raises(AuthKeyError):
            authkey.parse(text[:place] + other + text[place + 1 :])


@pytest.mark.parametrize("text", ["", "hk1", "hk1..", "hk2.a.b", "hk1.a.b.c", "hk1.!.?", "鍵"])
def test_a_text_that_is_no_key_is_told_as_a_wrong_key(text: str) -> None:
    with pytest.raises(AuthKeyError) as caught:
        authkey.parse(text)
    assert caught.value.problem.code == "auth_key_wrong"


@pytest.mark.parametrize(
    "origin",
    [
        "http://cloud.example",
        "ftp://cloud.example",
        "https://cloud.example/path",
        "https://user@cloud.example",
        "https://cloud.example:99999",
        "",
    ],
)
def test_a_key_that_leads_to_an_unsafe_cloud_is_refused(origin: str) -> None:
    with pytest.raises(AuthKeyError):
        authkey.parse(AuthKey(origin, bytes(20)).text())


def test_a_cloud_on_the_same_pc_may_be_reached_without_tls() -> None:
    key = AuthKey("http://127.0.0.1:8000", bytes(20))
    assert authkey.parse(key.text()) == key


def test_a_key_does_not_show_its_secret_in_a_repr() -> None:
    secret = AuthKey("https://cloud.example", b"01234567890123456789")
    assert "0123456789" not in repr(secret)
