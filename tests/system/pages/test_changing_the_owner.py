"""オーナーの変更: the owner asks, the member accepts, both with their password."""

from playwright.sync_api import Page, expect

from hikae.cloud.devices.models import Device
from hikae.cloud.people.models import Membership
from tests.office import Office
from tests.system.pages.conftest import SignIn, type_password_again


def open_from_menu(page: Page) -> None:
    page.locator("details.person summary").click()
    page.get_by_role("link", name="オーナーの変更").click()
    expect(page.get_by_role("heading", name="オーナーの変更", level=1)).to_be_visible()


def roles(office: Office) -> dict[str, str]:
    members = Membership.objects.filter(organisation=office.organisation)
    return dict(members.values_list("user__email", "role"))


def test_a_member_takes_over_and_the_owner_before_sees_why_their_pc_has_ended(
    office: Office, sign_in: SignIn, complaints: list[str]
) -> None:
    office.enrol()
    office.register("0138")
    owner, heir = sign_in(office.owner), sign_in(office.accountant)
    open_from_menu(owner)
    owner.get_by_label("引き継ぐ相手").select_option(str(office.accountant.id))
    owner.get_by_role("button", name="引き継ぎを申し込む").click()
    type_password_again(owner)
    expect(owner.get_by_role("heading", name="返事を待っています")).to_be_visible()

    owner.goto("/device/")
    open_from_menu(heir)
    heir.get_by_role("button", name="オーナーになる").click()
    type_password_again(heir)
    expect(heir.get_by_text("オーナーになりました。")).to_be_visible()

    expect(owner.get_by_text("さんに変わりました。")).to_be_visible()
    expect(owner.get_by_role("button", name="認証キーを発行")).to_be_visible()
    assert Device.objects.get().ended_for == str(office.accountant)
    assert roles(office)[office.accountant.email] == "owner"
    assert roles(office)[office.owner.email] == "staff"
    assert complaints == []


def test_a_wrong_password_changes_nothing(office: Office, sign_in: SignIn) -> None:
    page = sign_in(office.owner)
    open_from_menu(page)
    page.get_by_role("button", name="引き継ぎを申し込む").click()
    type_password_again(page, "chigau")
    expect(page.get_by_role("heading", name="パスワードの確認")).to_be_visible()
    expect(page.locator(".errorlist")).to_be_visible()
    page.goto("/people/owner")
    expect(page.get_by_role("button", name="引き継ぎを申し込む")).to_be_visible()


def test_an_offer_is_declined_on_a_narrow_screen(office: Office, sign_in: SignIn) -> None:
    page = sign_in(office.owner)
    open_from_menu(page)
    page.get_by_label("引き継ぐ相手").select_option(str(office.viewer.id))
    page.get_by_role("button", name="引き継ぎを申し込む").click()
    type_password_again(page)
    phone = sign_in(office.viewer, width=360)
    open_from_menu(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.get_by_role("button", name="断る").click()
    expect(phone.get_by_role("heading", name="引き継ぎの申し込みはありません")).to_be_visible()
    assert roles(office)[office.viewer.email] == "viewer"
