"""Pages of errors: title, what happened, what to do, a code to quote."""

import pytest
from django.test import Client, RequestFactory
from django.utils import translation
from django.views import defaults

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def database() -> str:
    """One database is enough for a page that reads none."""
    return "sqlite"


def test_what_is_not_there_is_told_in_the_language_of_the_browser(books: str) -> None:
    told = Client().get("/nothing").content.decode()
    assert "ページが見つかりません" in told
    assert "<code>404</code>" in told
    english = Client(headers=ENGLISH).get("/nothing").content.decode()
    assert "Page not found" in english
    assert '<html lang="en">' in english


def test_a_form_that_is_too_old_says_what_to_do(books: str) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/")
    assert answer.status_code == 403
    assert "前の画面に戻って読み込み直し、もう一度お試しください。" in answer.content.decode()


def test_a_mistake_of_our_own_needs_nothing_to_be_told() -> None:
    with translation.override("ja"):
        answer = defaults.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "取得済みの明細は失われていません。" in answer.content.decode()
    assert "<code>internal</code>" in answer.content.decode()


def test_a_request_that_cannot_be_read_is_told(books: str) -> None:
    answer = Client(headers={"host": "elsewhere.example"}).get("/")
    assert answer.status_code == 400
    assert "送られた内容を読み取れません" in answer.content.decode()
