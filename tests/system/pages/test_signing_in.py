"""Coming in, going out, and the language of the pages."""

from playwright.sync_api import Browser, expect

from tests.office import Office
from tests.system.pages.conftest import SignIn


def test_a_wrong_password_is_told_and_never_comes_back(
    browser: Browser, office: Office, origin: str
) -> None:
    page = browser.new_page(base_url=origin, locale="ja")
    page.goto("/connections/")
    page.get_by_label("メールアドレス").fill(office.owner.email)
    page.get_by_label("パスワード", exact=True).fill("chigau-kotoba")
    page.get_by_role("button", name="ログイン").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("パスワード", exact=True)).to_have_value("")
    assert "chigau-kotoba" not in page.content()
    page.close()


def test_who_signs_out_must_sign_in_again(office: Office, sign_in: SignIn) -> None:
    page = sign_in(office.owner)
    page.locator("details.person summary").click()
    page.get_by_role("button", name="ログアウト").click()
    page.goto("/connections/")
    expect(page.get_by_role("heading", name="ログイン")).to_be_visible()


def test_the_language_is_kept_for_the_person(office: Office, sign_in: SignIn) -> None:
    page = sign_in(office.owner)
    page.locator("details.person summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Registered", exact=True)).to_be_visible()
    office.owner.refresh_from_db()
    assert office.owner.language == "en"
    assert page.locator("html").get_attribute("lang") == "en"


def test_the_first_stop_of_the_keyboard_leads_to_the_content(
    office: Office, sign_in: SignIn
) -> None:
    page = sign_in(office.owner)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="本文へ")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
