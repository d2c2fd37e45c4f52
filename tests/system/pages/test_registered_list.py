"""登録済一覧, which follows what happens without being loaded again."""

import pytest
from playwright.sync_api import Page, expect

from hikae.cloud.connections.models import Connection
from hikae.model.fetch import FetchState
from hikae.model.problems import Problem, ProblemCode
from tests.office import Office
from tests.system.pages.conftest import SignIn, type_password_again


@pytest.fixture
def first(office: Office) -> Connection:
    """A registration that its PC serves."""
    office.enrol()
    connection = office.register("0138")
    office.enable(connection)
    return connection


@pytest.fixture
def second(office: Office, first: Connection) -> Connection:
    """Another one."""
    connection = office.register("0163")
    office.enable(connection)
    return connection


def stay(page: Page) -> None:
    """Leave a mark that does not survive a reload."""
    page.evaluate("window.stayed = true")


def test_a_fetch_is_followed_from_its_first_step_to_its_outcome(
    office: Office, sign_in: SignIn, first: Connection, complaints: list[str]
) -> None:
    page = sign_in(office.owner)
    stay(page)
    page.get_by_role("button", name="再取得").wait_for()
    fetch = office.fetch(first, FetchState.RUNNING, step="本店 普通 1234567", rows=184)
    expect(page.get_by_text("取得中", exact=True)).to_be_visible()
    expect(page.get_by_text("明細184件")).to_be_visible()
    office.fetch(first, FetchState.DONE, fetch=fetch, added=12)
    expect(page.locator(".state").get_by_text("新しい明細12件")).to_be_visible()
    expect(page.locator("#news")).to_contain_text("取得完了 新しい明細12件")
    assert page.evaluate("window.stayed")
    assert complaints == []


def test_an_open_menu_and_the_focus_outlive_changes_of_their_card(
    office: Office, sign_in: SignIn, first: Connection
) -> None:
    page = sign_in(office.owner)
    page.locator("details.more summary").click()
    fetch = office.fetch(first, FetchState.RUNNING, step="口座一覧", rows=10)
    expect(page.get_by_text("明細10件")).to_be_visible()
    expect(page.get_by_role("button", name="停止")).to_be_visible()
    page.get_by_role("button", name="中止").focus()
    office.fetch(first, FetchState.RUNNING, fetch=fetch, step="口座一覧", rows=20)
    expect(page.get_by_text("明細20件")).to_be_visible()
    expect(page.get_by_role("button", name="中止")).to_be_focused()


def test_a_registration_made_elsewhere_appears(
    office: Office, sign_in: SignIn, first: Connection
) -> None:
    page = sign_in(office.owner)
    expect(page.locator(".card")).to_have_count(1)
    office.register("0163")
    expect(page.locator(".card")).to_have_count(2)


def test_only_what_waits_for_the_person_is_red(
    office: Office, sign_in: SignIn, first: Connection, second: Connection
) -> None:
    words = "パスワードが誤っています。<script>alert(1)</script>"
    wrong = Problem(ProblemCode.WRONG_PASSWORD, bank_words=words)
    office.fetch(first, FetchState.FAILED, problem=wrong)
    office.fetch(second, FetchState.DONE, added=1)
    page = sign_in(office.owner)
    expect(page.locator(".button.next")).to_have_count(1)
    expect(page.get_by_text("wrong_password")).to_be_visible()
    expect(page.get_by_text(f"銀行の言葉:「{words}」")).to_be_visible()
    page.get_by_role("link", name="ログイン情報を直す").click()
    type_password_again(page)
    page.get_by_label("ログインパスワード").fill("atarashii")
    page.get_by_role("button", name="保存").click()
    with office.at_work():
        first.refresh_from_db()
        assert first.login_version == 2


def test_stopping_resuming_and_deleting(office: Office, sign_in: SignIn, first: Connection) -> None:
    page = sign_in(office.owner)
    page.locator("details.more summary").click()
    page.get_by_role("button", name="停止").click()
    expect(page.get_by_text("停止中")).to_be_visible()
    page.locator(".remark").get_by_role("button", name="再開").click()
    expect(page.get_by_role("button", name="再取得")).to_be_visible()
    page.locator("details.more summary").click()
    page.get_by_role("link", name="削除").click()
    page.get_by_role("button", name="削除する").click()
    expect(page.get_by_role("heading", name="まだ金融機関の登録がありません")).to_be_visible()
    with office.at_work():
        assert not Connection.objects.exists()


def test_a_viewer_sees_the_states_and_no_button(
    office: Office, sign_in: SignIn, first: Connection
) -> None:
    page = sign_in(office.viewer)
    expect(page.get_by_role("heading", name="横浜銀行(電子証明書)")).to_be_visible()
    expect(page.locator(".card :is(button, a)")).to_have_count(0)
    expect(page.get_by_role("link", name="新規登録")).to_have_count(0)
