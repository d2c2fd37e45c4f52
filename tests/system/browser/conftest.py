"""Real banks, a real cloud, a real agent as processes, and people at a real Chromium."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

from demo.household import OWNER_PASSWORD, Agent, Bank, Cloud
from hikae.agent.remote import RemoteEngine
from tests.pictures import ARGUMENTS, CHROMIUM
from tests.system.survival.offices import close_the_day

EMAIL = "hanako@example.jp"
PHONE, DESK = 360, 1120
"""Widths of screens in pixels."""

SignIn = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """The simulated banks."""
    bank = Bank(tmp_path_factory.mktemp("banks"), transactions=60)
    close_the_day(bank)
    yield bank
    bank.program.stop()


@dataclass(slots=True)
class House:
    """What a new user has: a cloud that knows them, and a PC on which the agent runs."""

    bank: Bank
    cloud: Cloud
    agent: Agent
    engine: RemoteEngine
    complaints: list[str] = field(default_factory=list)
    """Of browsers: refused scripts and styles, failed requests, errors."""


@pytest.fixture
async def house(bank: Bank, tmp_path: Path) -> AsyncIterator[House]:
    """A house in which nothing is enrolled yet."""
    cloud = Cloud(tmp_path, bank.catalogue)
    cloud.add_owner(EMAIL, "株式会社みほん商店")
    agent = Agent(tmp_path, bank.catalogue)
    agent.start()
    try:
        async with agent.engine() as engine:
            yield House(bank, cloud, agent, engine)
    finally:
        agent.stop()
        cloud.program.stop()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A Chromium of the system."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        await chromium.close()


@pytest.fixture
def sign_in(browser: Browser, house: House) -> SignIn:
    """Sign the user in with a screen of their own."""

    async def enter(width: int = DESK) -> Page:
        context = await browser.new_context(
            base_url=house.cloud.origin, viewport={"width": width, "height": 740}, locale="ja"
        )
        page = await context.new_page()
        page.on("console", lambda said: house.complaints.extend(_complaint(said)))
        page.on("pageerror", lambda error: house.complaints.append(str(error)))
        await page.goto("/")
        await page.get_by_label("メールアドレス").fill(EMAIL)
        await page.get_by_label("パスワード", exact=True).fill(OWNER_PASSWORD)
        await page.get_by_role("button", name="ログイン").click()
        await expect(page.get_by_role("heading", name="登録済一覧")).to_be_visible()
        return page

    return enter


def _complaint(said: ConsoleMessage) -> list[str]:
    return [said.text] if said.type in {"error", "warning"} else []
