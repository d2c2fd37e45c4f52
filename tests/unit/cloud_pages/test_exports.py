"""出力 at its pages: what is refused before anything is written."""

import pytest
from django.test import Client

from hikae.cloud.statements.models import Export
from hikae.model.clock import system_clock
from tests.office import ORDINARY, PASSWORD, Office, daily, open_office


@pytest.fixture
def database() -> str:
    """One database is enough for what pages say."""
    return "sqlite"


@pytest.fixture
def office(books: str) -> Office:
    """An office with three rows."""
    office = open_office(system_clock())
    office.enrol()
    office.deliver(office.register("0138"), daily(ORDINARY, office.now, days=3))
    return office


@pytest.fixture
def owner(office: Office) -> Client:
    """The owner's browser."""
    client = Client()
    assert client.login(email=office.owner.email, password=PASSWORD)
    return client


def test_a_filter_that_means_nothing_never_becomes_an_export_of_everything(
    office: Office, owner: Client
) -> None:
    asked = {"format": "csv", "filter": "account=nobody&since=yesterday"}
    answer = owner.post("/exports/new", asked)
    assert "条件を読み取れません。" in answer.content.decode()
    with office.at_work():
        assert not Export.objects.exists()


def test_a_filter_comes_back_as_an_address_whatever_was_sent(office: Office, owner: Client) -> None:
    asked = {"format": "csv", "filter": "way=out&x=a\r\nSet-Cookie: b"}
    owner.post("/exports/new", asked)
    with office.at_work():
        drafted = Export.objects.get()
    answer = owner.post(f"/exports/{drafted.id}/forget")
    assert answer["Location"] == ("/statements/transactions?way=out&x=a%0D%0ASet-Cookie%3A+b")


def test_what_was_only_looked_at_cannot_be_downloaded_or_taken_back(
    office: Office, owner: Client
) -> None:
    drafted = office.look("csv")
    assert owner.get(f"/exports/{drafted.id}/content").status_code == 404
    assert owner.post(f"/exports/{drafted.id}/undo").status_code == 404


def test_rows_that_came_meanwhile_are_looked_at_before_they_go_out(
    office: Office, owner: Client
) -> None:
    drafted = office.look("csv")
    office.deliver(office.connections[0], daily(ORDINARY, office.now, days=4))
    page = owner.post(f"/exports/{drafted.id}/make", follow=True).content.decode()
    assert "明細が変わりました。内容をもう一度お確かめください。" in page
    assert "出力する</button>" in page
    page = owner.post(f"/exports/{drafted.id}/make", follow=True).content.decode()
    assert "出力済にしました。" in page
