"""Accounts at a real browser: a passkey, an invitation, the members' page."""

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect

from hikae.cloud.people.invitations import invite
from hikae.cloud.people.models import Membership, Role
from tests.office import Office
from tests.system.pages.conftest import SignIn, type_password_again


@pytest.fixture(autouse=True)
def nobody_tried(office: Office) -> None:
    """No limit has been reached."""
    cache.clear()


def own_a_key(page: Page) -> None:
    """Put a security key with a fingerprint reader into the browser's computer."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_and_signs_in_without_a_password(
    office: Office, sign_in: SignIn, origin: str, complaints: list[str]
) -> None:
    page = sign_in(office.owner)
    named = origin.replace("127.0.0.1", "localhost")
    page.goto(f"{named}/accounts/login/")
    page.get_by_label("メールアドレス").fill(office.owner.email)
    page.get_by_label("パスワード", exact=True).fill("koukyuu-na-kami-3")
    page.get_by_role("button", name="ログイン").click()
    own_a_key(page)
    page.goto(f"{named}/accounts/security/passkeys/add/")
    type_password_again(page)
    page.get_by_label("パスワードなしでログインする").check()
    page.get_by_role("button", name="登録する").click()
    expect(page.get_by_role("heading", name="回復コード")).to_be_visible()
    page.get_by_role("link", name="控えました").click()
    expect(page.get_by_text("使っています")).to_be_visible()
    page.locator("details.person summary").click()
    page.get_by_role("button", name="ログアウト").click()
    page.goto(f"{named}/accounts/login/")
    page.get_by_role("button", name="パスキーを使う").click()
    expect(page.get_by_role("heading", name="登録済一覧")).to_be_visible()
    assert complaints == []


def test_an_invited_person_joins_on_a_phone_without_scripts(
    office: Office, origin: str, browser: Browser
) -> None:
    with office.at_work():
        owner = Membership.objects.get(organisation=office.organisation, user=office.owner)
        token = invite("saburo@example.jp", Role.STAFF, owner, office.now)
    context = browser.new_context(
        base_url=origin,
        viewport={"width": 360, "height": 700},
        java_script_enabled=False,
        locale="ja",
    )
    page = context.new_page()
    page.goto(f"/people/join/{token}")
    expect(page.get_by_text("山田 花子さんからの招待です。役割は「担当者」です。")).to_be_visible()
    page.get_by_label("お名前").fill("佐藤 三郎")
    page.get_by_label("パスワード").fill("atarashii-kami-8")
    page.get_by_role("button", name="参加する").click()
    expect(page.get_by_text("「株式会社みほん商店」に参加しました。")).to_be_visible()
    context.close()


def test_members_are_changed_and_removed_from_the_menu(
    office: Office, sign_in: SignIn, complaints: list[str]
) -> None:
    page = sign_in(office.owner)
    page.locator("details.person summary").click()
    page.get_by_role("link", name="メンバー").click()
    page.get_by_label("鈴木 次郎さんの役割").select_option("担当者")
    page.get_by_role("button", name="変更する").first.click()
    expect(page.get_by_text("鈴木 次郎さんの役割を「担当者」にしました。")).to_be_visible()
    page.get_by_role("link", name="外す").first.click()
    page.get_by_role("button", name="外す").click()
    expect(
        page.get_by_role("heading", name="鈴木 次郎さんをメンバーから外しました")
    ).to_be_visible()
    assert complaints == []
