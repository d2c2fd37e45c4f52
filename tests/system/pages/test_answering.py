"""追加認証, on the page where a person answers it."""

import base64
import re
import struct
import zlib

import pytest
from playwright.sync_api import Page, expect

from hikae.cloud.connections.models import Connection, Fetch
from hikae.cloud.devices.models import Command
from hikae.model.fetch import FetchState
from hikae.model.problems import Problem, ProblemCode
from tests.office import Office
from tests.system.pages.conftest import SignIn

PROMPT = "生成機の6桁の数字を入力してください。"


@pytest.fixture
def connection(office: Office) -> Connection:
    """A registration whose fetch is about to wait."""
    office.enrol()
    made = office.register("0138")
    office.enable(made)
    return made


def open_question(page: Page) -> None:
    page.get_by_role("link", name="追加認証を入力").click()
    expect(page.get_by_text(PROMPT)).to_be_visible()


def answer(page: Page, text: str) -> None:
    page.get_by_label("ワンタイムパスワード").fill(text)
    page.get_by_role("button", name="送信").click()


def test_an_answer_goes_sealed_to_the_pc_and_its_outcome_is_shown(
    office: Office, sign_in: SignIn, connection: Connection, complaints: list[str]
) -> None:
    fetch = office.fetch(connection, FetchState.WAITING)
    challenge = office.ask(connection, fetch, PROMPT)
    page = sign_in(office.owner)
    open_question(page)
    expect(page.get_by_text("4821")).to_be_visible()
    expect(
        page.get_by_text("取引パスワードや乱数表のすべての数字をお尋ねすることはありません")
    ).to_be_visible()
    answer(page, "123456")
    expect(page.get_by_text("銀行へ送りました。")).to_be_visible()
    with office.at_work():
        sent = Command.objects.order_by("-sequence").values_list("message", flat=True)
        assert '"kind":"answer"' in sent[0]
        assert "123456" not in "".join(sent)
    office.ask(connection, fetch, PROMPT, challenge=challenge, state="answered")
    office.fetch(connection, FetchState.DONE, fetch=fetch, added=3)
    expect(page.get_by_text("新しい明細3件")).to_be_visible()
    assert complaints == []


def test_a_refused_answer_shows_the_words_of_the_bank_and_asks_again(
    office: Office, sign_in: SignIn, connection: Connection
) -> None:
    fetch = office.fetch(connection, FetchState.WAITING)
    challenge = office.ask(connection, fetch, PROMPT)
    page = sign_in(office.owner)
    open_question(page)
    answer(page, "000000")
    expect(page.get_by_text("銀行へ送りました。")).to_be_visible()
    words = "入力された数字が違います。"
    office.ask(connection, fetch, PROMPT, challenge=challenge, again=words, state="waiting")
    expect(page.get_by_text(f"銀行の言葉:「{words}」")).to_be_visible()
    expect(page.get_by_label("ワンタイムパスワード")).to_have_value("")


def test_what_is_being_typed_outlives_the_clock(
    office: Office, sign_in: SignIn, connection: Connection
) -> None:
    office.ask(connection, office.fetch(connection, FetchState.WAITING), PROMPT)
    page = sign_in(office.owner)
    open_question(page)
    field = page.get_by_label("ワンタイムパスワード")
    expect(field).to_have_attribute("autocomplete", "one-time-code")
    field.press_sequentially("123")
    before = page.locator("#time-left").inner_text()
    expect(page.locator("#time-left")).not_to_have_text(before)
    expect(field).to_have_value("123")
    expect(field).to_be_focused()


def test_choices_and_pictures_of_the_bank_are_shown(
    office: Office, sign_in: SignIn, connection: Connection, complaints: list[str]
) -> None:
    fetch = office.fetch(connection, FetchState.WAITING)
    choices = ["メール", "<i>電話</i>"]
    office.ask(connection, fetch, PROMPT, choices=choices, image=_picture())
    page = sign_in(office.owner)
    open_question(page)
    drawn = page.get_by_role("img", name="銀行が示した画像")
    assert drawn.evaluate("image => image.naturalWidth") == 1
    page.get_by_label("<i>電話</i>").check()
    page.get_by_role("button", name="送信").click()
    expect(page.get_by_text("銀行へ送りました。")).to_be_visible()
    assert complaints == []


def test_when_nobody_waits_any_more_a_new_start_asks_again(
    office: Office, sign_in: SignIn, connection: Connection
) -> None:
    fetch = office.fetch(connection, FetchState.WAITING)
    challenge = office.ask(connection, fetch, PROMPT)
    page = sign_in(office.owner)
    open_question(page)
    office.ask(connection, fetch, PROMPT, challenge=challenge, state="expired")
    over = Problem(ProblemCode.CHALLENGE_TIMEOUT)
    office.fetch(connection, FetchState.FAILED, fetch=fetch, problem=over)
    expect(page.get_by_text(re.compile("入力の時間が過ぎました。"))).to_be_visible()
    page.get_by_role("button", name="もう一度始める").click()
    expect(page.get_by_text("待機中")).to_be_visible()
    with office.at_work():
        assert Fetch.objects.filter(state=FetchState.QUEUED).count() == 1


def _picture() -> str:
    """A PNG of one dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    dots = zlib.compress(b"\x00\xff")
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", dots) + chunk(b"IEND", b"")
    return base64.b64encode(png).decode()
