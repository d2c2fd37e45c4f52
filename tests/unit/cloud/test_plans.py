"""Plans: what an operator may write, what an organisation may use, and where everything is on."""

from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.utils import translation

from hikae.cloud.connections.fetching import FetchRefusedError, request_fetch
from hikae.cloud.connections.models import Connection
from hikae.cloud.connections.registering import Registration, register_connection
from hikae.cloud.connections.serving import served_by
from hikae.cloud.devices import commands
from hikae.cloud.people.models import AuditEntry
from hikae.cloud.plans.holding import (
    PlanRequiredError,
    give,
    held,
    may_link,
    plan_required,
)
from hikae.cloud.plans.models import HeldPlan
from hikae.cloud.plans.offered import EXAMPLE, Plans, PlansError, read_plans
from hikae.link.messages import Refresh
from hikae.model.clock import system_clock
from hikae.model.problems import ProblemCode
from hikae.model.secret import Secret
from tests.office import PASSWORD, Office, open_office

WISH = Registration("0138", {"password": Secret("himitsu")})
PLAN = '[[products.plans]]\ncode = "{0}"\nname = "甲"\nenglish = "A"\ncertificate_linking = true\n'
PRODUCT = '[[products]]\nname = "会計"\nenglish = "Accounting"\n'


@pytest.fixture
def database() -> str:
    """The wall around the table is tested with the others."""
    return "sqlite"


@pytest.fixture
def office(books: str) -> Office:
    """An office with a PC and a registration, made while everything was on."""
    office = open_office(system_clock())
    office.enrol()
    office.enable(office.register("0138"))
    return office


@pytest.fixture
def plans(office: Office, monkeypatch: pytest.MonkeyPatch) -> Plans:
    """The plans to start from, offered from now on."""
    plans = read_plans(EXAMPLE)
    monkeypatch.setattr(apps.get_app_config("plans"), "offered", plans)
    return plans


def give_plan(office: Office, code: str) -> None:
    with office.at_work():
        give(code, "operator", office.now)


def look(office: Office, there: str) -> tuple[int, str]:
    client = Client()
    assert client.login(email=office.owner.email, password=PASSWORD)
    answer = client.get(there, follow=True)
    return answer.status_code, answer.content.decode()


def test_two_products_are_there_to_start_from() -> None:
    plans = read_plans(EXAMPLE)
    assert [product.name for product in plans.products] == ["会計", "確定申告"]
    assert [plan.name for plan in plans.all()] == [
        *("スモール", "ビジネス", "ミニ", "パーソナル", "プラス"),
    ]
    assert [plan.name for plan in plans.with_linking()] == ["ビジネス", "パーソナル", "プラス"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("default =", "Invalid value"),
        ('default = "a"', "products"),
        ('default = "b"\n' + PRODUCT + PLAN.format("a"), "no plan b"),
        ('default = "a"\n' + PRODUCT + PLAN.format("a") * 2, "same code"),
        ('default = "a"\n' + PRODUCT + PLAN.format("a") + 'price = "1"', "price"),
        ('default = "a"\n' + PRODUCT + PLAN.format("a") + 'order = "javascript:x"', "https"),
    ],
)
def test_a_file_of_plans_that_cannot_be_used_is_refused_by_name(
    tmp_path: Path, text: str, complaint: str
) -> None:
    file = tmp_path / "plans.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PlansError, match=complaint) as refused:
        read_plans(file)
    assert str(file) in str(refused.value)


def test_without_plans_everything_is_on_and_no_page_speaks_of_them(office: Office) -> None:
    with office.at_work():
        assert may_link()
        assert held() is None
        assert all(view.plan_allows for view in served_by(office.pc).connections)
    assert look(office, "/plans/")[0] == 404
    for there in ("/connections/", "/institutions/", "/device/", "/connections/new/0138"):
        status, page = look(office, there)
        assert status == 200
        assert "プラン" not in page, there


def test_without_a_plan_that_includes_certificates_nothing_is_registered_or_fetched(
    office: Office, plans: Plans
) -> None:
    with office.at_work():
        connection = Connection.objects.get()
        with pytest.raises(PlanRequiredError) as refused:
            register_connection(WISH, office.owner, office.now)
        assert refused.value.problem.code is ProblemCode.PLAN_REQUIRED
        with pytest.raises(FetchRefusedError) as unfetched:
            request_fetch(connection.id, office.owner, office.now)
        assert unfetched.value.problem == plan_required()
        assert not any(view.plan_allows for view in served_by(office.pc).connections)
        assert Connection.objects.count() == 1


@pytest.mark.parametrize("there", ["/connections/", "/institutions/", "/device/"])
def test_pages_say_which_plans_include_certificates_and_lead_there(
    office: Office, plans: Plans, there: str
) -> None:
    page = look(office, there)[1]
    assert "電子証明書連携はビジネス、パーソナル、プラスで使えます。" in page
    assert 'href="/plans/"' in page


def test_registering_shows_the_plans_instead_of_asking_for_a_password(
    office: Office, plans: Plans
) -> None:
    page = look(office, "/connections/new/0138")[1]
    assert "ビジネス、パーソナル、プラス" in page
    assert "ログインパスワード" not in page
    client = Client()
    client.login(email=office.owner.email, password=PASSWORD)
    client.post("/connections/new/0138", {"login_password": "himitsu"})
    with office.at_work():
        assert Connection.objects.count() == 1


def test_the_page_of_plans_marks_the_one_that_the_organisation_has(
    office: Office, plans: Plans
) -> None:
    page = look(office, "/plans/")[1]
    assert page.index("スモール") < page.index("ご利用中") < page.index("ビジネス")
    give_plan(office, "plus")
    page = look(office, "/plans/")[1]
    assert page.index("プラス") < page.index("ご利用中")


def test_a_plan_that_is_given_counts_at_once_and_the_pcs_hear_of_it(
    office: Office, plans: Plans
) -> None:
    with office.at_work():
        before = len(commands.after(office.pc.id, 0))
        plan = give("business", "operator", office.now)
        assert plan.certificate_linking
        assert may_link()
        assert all(view.plan_allows for view in served_by(office.pc).connections)
        told = commands.after(office.pc.id, 0)[before:]
        assert [type(each) for each in told] == [Refresh]
        assert AuditEntry.objects.order_by("-sequence")[0].details == {"plan": "business"}
    assert "使えます" not in look(office, "/institutions/")[1]
    give_plan(office, "small")
    with office.at_work():
        assert not may_link()
        assert HeldPlan.objects.count() == 1


def test_a_plan_that_is_offered_no_longer_counts_as_the_default(
    office: Office, plans: Plans
) -> None:
    with office.at_work():
        give("business", "operator", office.now)
        HeldPlan.objects.update(plan="gone")
        assert not may_link()
        with pytest.raises(LookupError):
            give("gone", "operator", office.now)


def test_the_plans_are_named_in_the_language_of_the_reader(office: Office, plans: Plans) -> None:
    with translation.override("en"):
        assert plan_required().details == {"plan": "Business, Personal, Plus"}
