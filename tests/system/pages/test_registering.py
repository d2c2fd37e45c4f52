"""新規登録: from the first letter typed to the list."""

import re

import msgspec
from playwright.sync_api import Page, expect

from hikae.cloud.connections.models import Connection, SealedLogin
from hikae.cloud.devices.auth_keys import issue_auth_key
from hikae.cloud.devices.enrolment import confirm_device, enrol
from hikae.cloud.people.models import Membership, Role, User
from tests.office import Office
from tests.system.pages.conftest import SignIn, type_password_again
from tests.unit.cloud.conftest import new_computer


def register(page: Page, password: str) -> None:
    page.get_by_label("ログインパスワード").fill(password)
    page.get_by_role("button", name="連携登録").click()


def test_an_institution_is_found_as_one_types_its_reading(office: Office, sign_in: SignIn) -> None:
    page = sign_in(office.owner)
    page.get_by_role("link", name="新規登録").click()
    page.get_by_role("searchbox").press_sequentially("よこはまぎ")
    expect(page.locator(".choices li")).to_have_count(1)
    page.get_by_role("link", name=re.compile(r"横浜銀行\(電子証明書\)")).click()
    expect(page.get_by_role("heading", name="横浜銀行(電子証明書)")).to_be_visible()


def test_what_is_fetched_is_told_from_what_only_files_fill(office: Office, sign_in: SignIn) -> None:
    page = sign_in(office.owner)
    page.goto("/institutions/?words=横浜")
    bank, union = page.locator(".choices li").nth(0), page.locator(".choices li").nth(1)
    expect(bank).to_contain_text("横浜銀行(電子証明書) 動作未確認")
    expect(union).to_contain_text("横浜信用金庫")
    expect(union).to_contain_text("自動取得にはまだ対応していません")
    expect(page.get_by_text("件あります。続けて入力すると絞り込めます。")).to_be_visible()
    union.get_by_role("link", name="ファイル取込").click()
    expect(page.get_by_text("横浜信用金庫のファイルを取り込みます。")).to_be_visible()


def test_what_is_not_found_is_said_not_to_be_supported_yet(office: Office, sign_in: SignIn) -> None:
    page = sign_in(office.owner)
    page.goto("/institutions/")
    page.get_by_role("searchbox").press_sequentially("<b>ない銀行")
    expect(page.get_by_text("「<b>ない銀行」は見つかりません。")).to_be_visible()
    expect(page.get_by_text("まだ対応していません。名前の一部")).to_be_visible()


def test_a_registration_appears_on_the_list_and_leads_to_the_pc(
    office: Office, sign_in: SignIn
) -> None:
    page = sign_in(office.owner)
    page.goto("/connections/new/0138")
    register(page, "himitsu-no-kotoba")
    expect(page.get_by_text("横浜銀行(電子証明書)を登録しました。")).to_be_visible()
    page.get_by_role("link", name="連携ソフトで設定する").click()
    expect(page.get_by_role("heading", name="電子証明書連携")).to_be_visible()


def test_login_information_is_sealed_and_never_shown_again(office: Office, sign_in: SignIn) -> None:
    page = sign_in(office.owner)
    page.goto("/connections/new/0138")
    page.get_by_label("開始日").evaluate("field => field.type = 'text'")
    page.get_by_label("開始日").fill("いつでも")
    register(page, "himitsu-no-kotoba")
    expect(page.locator(".errorlist")).to_be_visible()
    expect(page.get_by_label("ログインパスワード")).to_have_value("")
    assert "himitsu" not in page.content()
    page.get_by_label("開始日").fill("")
    register(page, "himitsu-no-kotoba")
    expect(page.get_by_text("登録しました")).to_be_visible()
    with office.at_work():
        assert "himitsu" not in SealedLogin.objects.get().sealed
        edit = f"/connections/{Connection.objects.get().id}/edit"
    page.goto(edit)
    type_password_again(page)
    expect(page.get_by_label("ログインパスワード")).to_have_value("")


def test_the_pc_of_a_colleague_may_serve_and_details_change_without_the_password(
    office: Office, sign_in: SignIn
) -> None:
    office.enrol()
    enrol_colleague(office)
    page = sign_in(office.owner)
    page.goto("/connections/new/0138")
    expect(page.get_by_label("取得するパソコン")).to_have_value(str(office.pc.id))
    page.get_by_label("取得するパソコン").select_option("KEIRI-02(佐藤 三郎)")
    register(page, "himitsu-no-kotoba")
    expect(page.locator(".pc")).to_contain_text("KEIRI-02")
    page.locator("details.more summary").click()
    page.get_by_role("link", name="編集").click()
    type_password_again(page)
    page.get_by_label("電子証明書の利用者ID").fill("MIHON0002")
    page.get_by_role("button", name="変更する").click()
    expect(page.get_by_text("保存しました。")).to_be_visible()
    expect(page.get_by_label("電子証明書の利用者ID")).to_have_value("MIHON0002")


def enrol_colleague(office: Office) -> None:
    """Another member with a PC of their own."""
    person = User.objects.create_user("keiri@example.jp", name="佐藤 三郎")
    Membership.objects.create(organisation=office.organisation, user=person, role=Role.STAFF)
    with office.at_work():
        wish = new_computer().wish(issue_auth_key(person, office.now).text())
        device = enrol(msgspec.structs.replace(wish, name="KEIRI-02"), office.now)
        confirm_device(device.id, person, office.now)


def test_everything_works_without_scripts(office: Office, sign_in: SignIn) -> None:
    office.enrol()
    page = sign_in(office.owner, scripts=False)
    page.goto("/institutions/")
    page.get_by_role("searchbox").fill("0138")
    page.get_by_role("button", name="検索").click()
    page.get_by_role("link", name=re.compile("横浜銀行")).click()
    register(page, "himitsu-no-kotoba")
    with office.at_work():
        connection = Connection.objects.get()
    office.enable(connection)
    page.get_by_role("link", name="最新の状態にする").click()
    page.get_by_role("button", name="再取得").click()
    expect(page.get_by_text("待機中")).to_be_visible()
    page.get_by_role("button", name="中止").click()
    expect(page.get_by_text("見送り")).to_be_visible()
