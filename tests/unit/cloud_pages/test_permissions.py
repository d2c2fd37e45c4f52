"""Who may see and who may act, on every address of the pages."""

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from hikae.cloud.connections.models import ConnectionAccount
from hikae.cloud.people.models import User
from hikae.cloud.statements.models import Adjustment, Export, ImportedFile, Transaction
from hikae.model.clock import system_clock
from hikae.model.fetch import FetchState
from tests.office import ORDINARY, PASSWORD, Office, daily, open_office, prove

LOOKING = {
    *("connections:list", "connections:live", "devices:device", "devices:live"),
    *("statements:accounts", "statements:transactions", "statements:transaction"),
    *("statements:account", "statements:closing", "imports:files", "imports:file"),
    *("imports:download", "exports:list", "exports:export", "balances:list", "balances:paper"),
}
ACTING_BY_GET = {
    *("institutions:search", "connections:register", "connections:edit", "connections:delete"),
    *("connections:challenge", "connections:challenge_live", "devices:release"),
}
ACTING_BY_POST = {
    *("connections:edit", "connections:take", "connections:stop", "connections:resume"),
    *("connections:delete", "connections:fetch", "connections:cancel", "connections:start_again"),
    *("connections:answer", "connections:register", "devices:issue", "devices:confirm"),
    *("connections:details", "devices:refuse", "devices:release"),
    *("statements:close", "statements:reopen", "statements:reopen_account", "statements:adjust"),
}
IMPORTING_BY_POST = {"imports:upload", "imports:owner", "imports:take", "imports:forget"}
EXPORTING_BY_GET = {"exports:new", "exports:download"}
EXPORTING_BY_POST = {
    *("exports:new", "exports:names", "exports:make", "exports:forget", "exports:undo"),
}
BY_GET = ACTING_BY_GET | EXPORTING_BY_GET
BY_POST = ACTING_BY_POST | IMPORTING_BY_POST | EXPORTING_BY_POST
APPS = {
    **{app: f"hikae.cloud.{app}.urls" for app in ("institutions", "connections", "devices")},
    "statements": "hikae.cloud.statements.urls",
    "imports": "hikae.cloud.statements.imports.urls",
    "exports": "hikae.cloud.statements.exports.urls",
    "balances": "hikae.cloud.statements.balances.urls",
}


@pytest.fixture
def database() -> str:
    """The wall in the database itself is tested elsewhere."""
    return "sqlite"


@pytest.fixture
def office(books: str) -> Office:
    """An office in which every address has something to show."""
    office = open_office(system_clock())
    office.enrol()
    connection = office.register("0138")
    office.enable(connection)
    office.deliver(connection, daily(ORDINARY, office.now, days=3))
    office.ask(connection, office.fetch(connection, FetchState.WAITING), "?")
    office.close_and_correct(connection)
    office.bring("meisai.txt")
    office.export("csv")
    return office


@pytest.fixture
def arguments(office: Office) -> dict[str, UUID | str]:
    """What stands in the addresses."""
    with office.at_work():
        connection = office.connections[0]
        challenge = connection.challenges.get()
        return {
            "connection_id": connection.id,
            "challenge_id": challenge.id,
            "account_id": ConnectionAccount.objects.get().account_id,
            "transaction_id": Transaction.objects.order_by("booked_on")[0].id,
            "device_id": office.pc.id,
            "file_id": ImportedFile.objects.get().id,
            "export_id": Export.objects.get().id,
            "adjustment_id": Adjustment.objects.get().id,
            "code": "0138",
        }


def browser(person: User) -> Client:
    client = Client()
    assert client.login(email=person.email, password=PASSWORD)
    prove(client, person)
    return client


def seen(client: Client, there: str) -> int:
    """Get a page and put it away; its status."""
    answer = client.get(there)
    answer.close()
    return answer.status_code


def address(name: str, arguments: dict[str, UUID | str]) -> str:
    app, _, page = name.partition(":")
    patterns = get_resolver(APPS[app]).url_patterns
    pattern = next(p for p in patterns if isinstance(p, URLPattern) and p.name == page)
    return reverse(name, kwargs={key: arguments[key] for key in pattern.pattern.converters})


def test_every_address_is_among_those_tested_here() -> None:
    known = {
        f"{app}:{pattern.name}"
        for app, urls in APPS.items()
        for pattern in get_resolver(urls).url_patterns
        if isinstance(pattern, URLPattern)
    }
    assert known == LOOKING | BY_GET | BY_POST


def test_a_stranger_is_sent_to_sign_in(arguments: dict[str, UUID | str]) -> None:
    for name in LOOKING | BY_GET:
        answer = Client().get(address(name, arguments))
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/")
    for name in BY_POST:
        assert Client().post(address(name, arguments)).status_code == 302, name


def test_a_viewer_looks_but_does_not_act(office: Office, arguments: dict[str, UUID | str]) -> None:
    viewer = browser(office.viewer)
    for name in LOOKING:
        assert seen(viewer, address(name, arguments)) == 200, name
    for name in BY_GET:
        assert seen(viewer, address(name, arguments)) == 403, name
    for name in BY_POST:
        assert viewer.post(address(name, arguments)).status_code == 403, name


def test_an_accountant_imports_and_exports_but_does_not_act(
    office: Office, arguments: dict[str, UUID | str]
) -> None:
    accountant = browser(office.accountant)
    for name in LOOKING | EXPORTING_BY_GET:
        assert seen(accountant, address(name, arguments)) == 200, name
    for name in ACTING_BY_POST:
        assert accountant.post(address(name, arguments)).status_code == 403, name
    for name in ("imports:upload", "imports:owner", "imports:take", "exports:new", "exports:undo"):
        assert accountant.post(address(name, arguments)).status_code in {200, 302}, name


def test_an_outsider_finds_nothing_of_another_organisation(
    office: Office, arguments: dict[str, UUID | str]
) -> None:
    outsider = browser(office.outsider)
    ids = arguments.keys() - {"code"}
    for name in LOOKING | BY_GET:
        there = address(name, arguments)
        if any(str(arguments[key]) in there for key in ids):
            assert outsider.get(there).status_code == 404, name
        else:
            assert str(arguments["connection_id"]).encode() not in outsider.get(there).content
    of_nobody = {"connections:register", "devices:issue", "imports:upload", "exports:new"}
    of_nobody |= {"statements:close", "statements:reopen"}
    for name in BY_POST - of_nobody:
        assert outsider.post(address(name, arguments)).status_code == 404, name


def test_the_owner_sees_every_page(office: Office, arguments: dict[str, UUID | str]) -> None:
    owner = browser(office.owner)
    for name in LOOKING | BY_GET:
        assert seen(owner, address(name, arguments)) == 200, name


def test_pages_are_kept_by_no_cache(office: Office) -> None:
    answer = browser(office.owner).get("/connections/")
    assert "no-store" in answer["Cache-Control"]


def test_a_form_from_elsewhere_is_refused(office: Office) -> None:
    client = Client(enforce_csrf_checks=True)
    client.login(email=office.owner.email, password=PASSWORD)
    assert client.post("/device/key").status_code == 403


def test_a_person_changes_only_to_organisations_of_their_own(office: Office) -> None:
    owner = browser(office.owner)
    elsewhere = office.outsider.memberships.get().organisation_id
    for organisation in (elsewhere, uuid4()):
        answer = owner.post("/people/organisation", {"organisation": organisation})
        assert answer.status_code == 404
    answer = owner.post("/people/organisation", {"organisation": office.organisation.id})
    assert answer.status_code == 302


def test_after_changing_the_language_one_is_not_led_to_another_site(office: Office) -> None:
    asked = {"language": "en", "next": "https://example.com/"}
    assert browser(office.owner).post("/people/language", asked)["Location"] == "/"
