"""Takes the pictures of the docs: a cloud of its own with an office in it, seen by Chromium.

`python -m tests.pictures [FOLDER]` writes PNG files, docs/pictures unless it is told otherwise;
with `--all` every page, also dark and narrow, for those who work on the look.
"""

import argparse
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import django
from playwright.sync_api import Browser, Page, sync_playwright

from tests.fixtures_cloud import running_cloud

CHROMIUM = os.environ.get("HIKAE_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
"""How a Chromium of the system is started so that it keeps to itself."""

_BANKS = {
    "9001": ("北町銀行", "キタマチギンコウ"),
    "9002": ("みなと信用金庫", "ミナトシンヨウキンコ"),
    "9003": ("大川銀行", "オオカワギンコウ"),
    "9004": ("山手銀行", "ヤマテギンコウ"),
}
_INSTITUTION = """
code = "{code}"
name = "{name}"
kana = "{kana}"
family = "bizsol"
sign_in = "https://localhost:8443/{code}"
hosts = ["localhost:8443"]

[[login]]
name = "password"
label = "ログインパスワード"
hint = "英字と数字、6〜12文字"
where = "電子証明書ログインのあとの画面で入力するもの"

[trial]
ca = "ca.pem"
"""
_SHOWN = {
    *("registered-list", "register", "challenge", "device", "transactions"),
    *("proof", "closing", "import", "export", "members", "security"),
}
"""What the docs show; the other pages are for those who work on the look."""

_SIZES: dict[str, tuple[int, Literal["light", "dark"]]] = {
    "": (1120, "light"),
    "-dark": (1120, "dark"),
    "-narrow": (360, "light"),
}


def main() -> int:
    """Take them."""
    parser = argparse.ArgumentParser(description="takes the pictures of the docs")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("docs/pictures"))
    parser.add_argument("--all", action="store_true", help="also dark and narrow")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        environment = _environment(Path(folder))
        os.environ.update(environment)
        django.setup()
        # Models can be imported only now that Django has its settings.
        from hikae.cloud.project import roles  # noqa: PLC0415
        from tests.furnished import furnish  # noqa: PLC0415
        from tests.office import PASSWORD  # noqa: PLC0415

        roles.migrate()
        addresses = furnish(_BANKS)
        if not arguments.all:
            addresses = {name: addresses[name] for name in addresses if name in _SHOWN}
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with running_cloud(environment) as server:
            gallery = Gallery(browser, server.origin, addresses, arguments.folder, PASSWORD)
            for suffix, (width, scheme) in _SIZES.items():
                if arguments.all or not suffix:
                    gallery.take(suffix, width, scheme)
        browser.close()
    return 0


def _environment(folder: Path) -> dict[str, str]:
    catalogue = folder / "catalogue"
    catalogue.mkdir()
    (catalogue / "ca.pem").touch()
    for code, (name, kana) in _BANKS.items():
        text = _INSTITUTION.format(code=code, name=name, kana=kana)
        (catalogue / f"{code}.toml").write_text(text, "utf-8")
    return {
        "DJANGO_SETTINGS_MODULE": "hikae.cloud.project.settings",
        "HIKAE_CATALOGUE": str(catalogue),
        "HIKAE_DATA": str(folder / "data"),
        # The browser's driver runs a loop in this thread; the database is only used beside it.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    }


@dataclass(frozen=True, slots=True)
class Gallery:
    """Where pictures are taken, and of what."""

    browser: Browser
    origin: str
    addresses: dict[str, str]
    folder: Path
    password: str

    def take(self, suffix: str, width: int, scheme: Literal["light", "dark"]) -> None:
        """Take every picture in one size and colour scheme."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, locale="ja"
        )
        page = context.new_page()
        page.goto(f"{self.origin}/accounts/login/")
        page.get_by_label("メールアドレス").fill("hanako@example.jp")
        page.get_by_label("パスワード", exact=True).fill(self.password)
        page.get_by_role("button", name="ログイン").click()
        for name, address in self.addresses.items():
            page.goto(self.origin + address)
            self._save(page, f"{name}{suffix}")
        context.close()

    def _save(self, page: Page, name: str) -> None:
        file = self.folder / f"{name}.png"
        page.screenshot(path=file, full_page=True, animations="disabled")
        print(file)


if __name__ == "__main__":
    sys.exit(main())
