"""電子証明書連携: the key, the PC that answers, the word that confirms it."""

import re

from playwright.sync_api import expect

from hikae.cloud.devices.auth_keys import find
from hikae.cloud.devices.models import Device
from hikae.model.fetch import FetchState
from tests.cloud_agent import TestAgent
from tests.office import Office
from tests.system.pages.conftest import SignIn, type_password_again


def test_a_pc_answers_with_the_key_and_is_confirmed_by_its_fingerprint(
    office: Office, sign_in: SignIn, origin: str, complaints: list[str]
) -> None:
    page = sign_in(office.owner)
    page.get_by_role("link", name="電子証明書連携").click()
    page.get_by_role("button", name="認証キーを発行").click()
    type_password_again(page)
    key = page.get_by_label("認証キー").input_value()
    enrolled = TestAgent(origin).enrol(key)
    expect(page.get_by_text(enrolled.fingerprint)).to_be_visible()
    assert key not in page.content()
    page.get_by_role("button", name="同じなので登録する").click()
    expect(page.get_by_role("heading", name="パソコン KEIRI-01")).to_be_visible()
    assert Device.objects.get().state == Device.State.CONFIRMED
    assert complaints == []


def test_a_key_is_shown_once_and_copied(office: Office, sign_in: SignIn) -> None:
    page = sign_in(office.owner)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/device/")
    page.get_by_role("button", name="認証キーを発行").click()
    type_password_again(page)
    page.get_by_role("button", name="コピー").click()
    expect(page.get_by_role("button", name="コピーしました")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert find(copied).issuer == office.owner
    page.goto("/device/")
    expect(page.get_by_label("認証キー")).to_have_count(0)


def test_a_pc_with_another_fingerprint_is_turned_away(office: Office, sign_in: SignIn) -> None:
    office.enrol(confirmed=False)
    page = sign_in(office.owner)
    page.goto("/device/")
    page.get_by_role("button", name="登録しない").click()
    expect(page.get_by_text("パソコン KEIRI-01 を登録しませんでした。")).to_be_visible()
    assert Device.objects.get().state == Device.State.REFUSED


def test_releasing_asks_first_and_is_seen_on_the_list(office: Office, sign_in: SignIn) -> None:
    office.enrol()
    connection = office.register("0138")
    office.enable(connection, days_left=-1)
    office.fetch(connection, FetchState.DONE)
    page = sign_in(office.owner)
    page.goto("/device/")
    expect(page.get_by_role("row", name=re.compile("横浜銀行.*期限切れ"))).to_be_visible()
    page.get_by_role("link", name="このパソコンの登録を解除").click()
    type_password_again(page)
    page.get_by_role("button", name="登録を解除する").click()
    expect(page.get_by_text("パソコン KEIRI-01 の登録を解除しました。")).to_be_visible()
    page.goto("/connections/")
    expect(page.get_by_role("link", name="連携ソフトで設定する")).to_be_visible()
