"""A cloud in a process of its own, an office in its database, and people at a real Chromium."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from hikae.cloud.people.models import User
from hikae.model.clock import system_clock
from tests.fixtures_cloud import running_cloud
from tests.office import PASSWORD, Office, open_office
from tests.pictures import ARGUMENTS, CHROMIUM

SignIn = Callable[..., Page]


@pytest.fixture
def database() -> str:
    """One database is enough for what a browser sees."""
    return "sqlite"


@pytest.fixture
def office(books: str) -> Office:
    """People of two organisations."""
    return open_office(system_clock())


@pytest.fixture
def origin(office: Office, tmp_path: Path) -> Iterator[str]:
    """The address of a cloud that works on the same database."""
    with running_cloud({"HIKAE_DATA": str(tmp_path)}) as server:
        yield server.origin


@pytest.fixture(scope="module", autouse=True)
def browser() -> Iterator[Browser]:
    """A Chromium of the system, for one module: while its driver runs, this thread has a loop."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Between the steps of the browser, tests use the database in the same thread.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def complaints() -> list[str]:
    """What a browser complained about: refused scripts and styles, failed requests, errors."""
    return []


@pytest.fixture
def sign_in(browser: Browser, origin: str, complaints: list[str]) -> Iterator[SignIn]:
    """Sign a person in with a browser of their own."""
    contexts: list[BrowserContext] = []

    def enter(person: User, *, width: int = 1120, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=origin,
            viewport={"width": width, "height": 800},
            locale="ja",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if _bad(said) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/accounts/login/")
        page.get_by_label("メールアドレス").fill(person.email)
        page.get_by_label("パスワード", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="ログイン").click()
        expect(page.get_by_role("heading", name="登録済一覧")).to_be_visible()
        return page

    yield enter
    for context in contexts:
        context.close()


def type_password_again(page: Page, password: str = PASSWORD) -> None:
    """Prove that it is still oneself, where a page asks."""
    expect(page.get_by_role("heading", name="パスワードの確認")).to_be_visible()
    page.get_by_label("パスワード", exact=True).fill(password)
    page.get_by_role("button", name="続行").click()


def _bad(said: ConsoleMessage) -> bool:
    return said.type in {"error", "warning"}
