"""What a person's browser takes: the recorded dialog in Chromium, driven by Playwright.

From its launch until it has logged out: the same fields filled in, the same buttons pressed, the
same files downloaded. The certificate is given to the browser by Playwright's own option.
"""

from collections.abc import Sequence
from time import perf_counter
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, sync_playwright

from demo.household import Customer
from tests.benchmarks.dialog import TOKEN, Step

CHROMIUM = "/usr/bin/chromium"


def visit(steps: Sequence[Step], customer: Customer) -> float:
    """Hold the dialog; the seconds from the browser's launch on. Playwright itself runs before."""
    address = steps[0].request.url
    where = urlsplit(address)
    with sync_playwright() as playwright:
        began = perf_counter()
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        # Playwright stands between browser and bank to show the certificate, with one of its own.
        context = browser.new_context(
            ignore_https_errors=True,
            client_certificates=[
                {
                    "origin": f"{where.scheme}://{where.netloc}",
                    "pfxPath": str(customer.p12),
                    "passphrase": customer.p12_password,
                }
            ],
        )
        page = context.new_page()
        page.goto(address)
        for step in steps:
            if step.request.method == "POST":
                _submit(page, step)
        took = perf_counter() - began
        browser.close()
    return took


def _submit(page: Page, step: Step) -> None:
    """Fill in and press what the step sends; the form is the one with its button."""
    *fields, (button, _) = [each for each in step.fields if each[0] != TOKEN]
    form = page.locator(f'form[action="{step.path}"]').filter(has=_named(page, button))
    for name, value in fields:
        field = form.locator(f'[name="{name}"]')
        if field.first.get_attribute("type") in {"checkbox", "radio"}:
            form.locator(f'[name="{name}"][value="{value}"]').check()
        else:
            field.fill(value)
    pressed = form.locator(f'[name="{button}"]')
    if step.download:
        with page.expect_download() as download:
            pressed.click()
        download.value.path()
    else:
        pressed.click()
        page.wait_for_load_state()


def _named(page: Page, name: str) -> Locator:
    return page.locator(f'[name="{name}"]')
