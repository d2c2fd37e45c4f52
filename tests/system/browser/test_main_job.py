"""The main job as a new user lives it: on the pages, on the PC, and on a phone."""

import re
from uuid import UUID

from playwright.async_api import Locator, Page, expect

from demo.household import OWNER_PASSWORD, Bank, Customer
from hikae.link import authkey
from hikae.model.fetch import Trigger
from tests.system.browser.conftest import PHONE, House, SignIn

SOON = 30_000
"""Milliseconds within which what other processes do is to be seen."""


async def enrol(page: Page, house: House) -> None:
    """認証キー into the PC; the fingerprints are compared and confirmed on both sides."""
    await page.get_by_role("link", name="電子証明書連携").click()
    await page.get_by_role("button", name="認証キーを発行").click()
    await page.get_by_label("パスワード", exact=True).fill(OWNER_PASSWORD)
    await page.get_by_role("button", name="続行").click()
    key = await page.get_by_label("認証キー").input_value()
    state = await house.engine.enrol(authkey.parse(key))
    await expect(page.get_by_text(state.fingerprint)).to_be_visible(timeout=SOON)
    await house.engine.confirm(same=True)
    await page.get_by_role("button", name="同じなので登録する").click()
    await expect(page.get_by_text("つながっています")).to_be_visible(timeout=SOON)


async def register(page: Page, house: House, customer: Customer) -> None:
    """新規登録 on the page, the certificate onto the PC."""
    await page.get_by_role("link", name="新規登録").click()
    await page.get_by_role("searchbox").press_sequentially(customer.institution)
    await page.get_by_role(
        "link", name=re.compile(rf"\(電子証明書\).*{customer.institution}")
    ).click()
    await page.get_by_label("ログインパスワード").fill(customer.password)
    await page.get_by_role("button", name="連携登録").click()
    await expect(page.get_by_text("を登録しました。")).to_be_visible()
    await house.agent.receive(house.engine, customer)


async def enable_all(house: House) -> None:
    """取得を有効にする, on the PC."""
    for connection in await house.engine.connections():
        await house.engine.enable(connection.id, on=True)


async def connection_at(house: House, customer: Customer) -> UUID:
    """The connection with a customer's bank."""
    connections = await house.engine.connections()
    return next(each.id for each in connections if each.institution == customer.institution)


def card(page: Page, institution: str) -> Locator:
    """What the list shows of one registration."""
    return page.locator(".card").filter(has_text=institution)


async def answer(page: Page, house: House, customer: Customer) -> None:
    """Enter the one-time password where the page asks for it, on whatever screen."""
    await expect(page.get_by_text("6桁の数字")).to_be_visible(timeout=SOON)
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not await page.evaluate(wide)
    await page.get_by_label("ワンタイムパスワード").fill(house.bank.one_time_password(customer))
    await page.get_by_role("button", name="送信").click()


async def rows_shown(page: Page) -> int:
    """How many rows 明細 shows, on all of its pages."""
    await page.get_by_role("link", name="明細", exact=True).click()
    await page.get_by_role("link", name="すべての口座の明細").click()
    await expect(page.get_by_role("heading", name="すべての口座の明細")).to_be_visible()
    rows = 0
    while True:
        rows += await page.locator("td.booked").count()
        older = page.get_by_role("link", name="さらに古い明細")
        if not await older.count():
            return rows
        await page.goto(str(await older.get_attribute("href")))


def rows_at(bank: Bank, customer: Customer) -> int:
    """How many rows the bank itself has."""
    return sum(len(rows) for rows in bank.books(customer).values())


async def test_a_new_user_enrols_registers_fetches_answers_by_phone_and_reads_the_books(
    house: House, sign_in: SignIn
) -> None:
    slow = house.bank.customer("9901", "slow")
    asks = house.bank.customer("9902", "otp")
    plain = house.bank.customer("9903", "notice")
    page = await sign_in()
    await enrol(page, house)
    for customer in (slow, asks, plain):
        await register(page, house, customer)
    await enable_all(house)
    await page.goto("/connections/")

    kitamachi, minato, okawa = (
        card(page, name) for name in ("北町銀行", "みなと浜信用金庫", "大川銀行")
    )
    await okawa.get_by_role("button", name="再取得").click()
    new = f"新しい明細{rows_at(house.bank, plain)}件"
    await expect(okawa.get_by_text(new)).to_be_visible(timeout=SOON)

    await kitamachi.get_by_role("button", name="再取得").click()
    await expect(kitamachi.get_by_role("button", name="中止")).to_be_visible(timeout=SOON)
    await page.evaluate("window.stayed = true")
    await expect(kitamachi.get_by_text("取得中", exact=True)).to_be_visible(timeout=SOON)
    await expect(kitamachi.get_by_text("入出金明細照会")).to_be_visible(timeout=SOON)

    phone = await sign_in(PHONE)
    await card(phone, "みなと浜").get_by_role("button", name="再取得").click()
    await card(phone, "みなと浜").get_by_role("link", name="追加認証を入力").click(timeout=SOON)
    await answer(phone, house, asks)
    await expect(phone.get_by_text("取得完了", exact=True)).to_be_visible(timeout=SOON)

    for fetched in (kitamachi, minato, okawa):
        await expect(fetched.get_by_text("取得完了", exact=True)).to_be_visible(timeout=SOON)
    await house.engine.fetch([await connection_at(house, plain)], Trigger.COMMAND)
    await expect(okawa.get_by_text("新しい明細0件")).to_be_visible(timeout=SOON)
    assert await page.evaluate("window.stayed")
    assert await rows_shown(page) == sum(rows_at(house.bank, one) for one in (slow, asks, plain))
    assert house.complaints == []


async def test_an_unattended_fetch_that_met_a_challenge_is_started_again_by_who_can_answer(
    house: House, sign_in: SignIn
) -> None:
    customer = house.bank.customer("9902", "otp")
    page = await sign_in()
    await enrol(page, house)
    await register(page, house, customer)
    await enable_all(house)
    await house.engine.fetch([], Trigger.SCHEDULE)
    await page.goto("/connections/")
    minato = card(page, "みなと浜信用金庫")
    await minato.get_by_role("button", name="もう一度始める").click(timeout=SOON)
    await answer(page, house, customer)
    await expect(page.get_by_text(re.compile("新しい明細"))).to_be_visible(timeout=SOON)
    assert house.complaints == []
