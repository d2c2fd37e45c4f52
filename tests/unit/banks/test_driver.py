"""Nothing leaves but what a family may press and reach, hop by hop."""

import asyncio

import pytest

from hikae.banks.connector import Reach
from hikae.banks.driver import HttpDriver
from hikae.banks.errors import (
    ForbiddenPressError,
    ForbiddenReachError,
    NotAFileError,
    StalePageError,
    TooManyPagesError,
)
from hikae.banks.rehearsal import Scripted, page, redirect
from hikae.transport.exchange import Request, Response, Sink

HOST = "localhost:8443"
START = f"https://{HOST}/a/start.do"
LOOKING = frozenset({"照会"})
REACHES = [Reach("GET", "*", r"/a/\w+\.do"), Reach("POST", "*", r"/a/\w+\.do")]


def driver(transport: Scripted, pages: int = 50) -> HttpDriver:
    return HttpDriver(transport, [HOST], ["次へ", "ファイル取得"], REACHES, pages=pages)


def button(target: str, label: str = "次へ") -> Response:
    return page(f'<h1>画面</h1><form method=post action="{target}"><button>{label}</button></form>')


async def test_a_press_brings_the_next_page_and_tells_where_it_came_from() -> None:
    transport = Scripted(button("/a/next.do"), page("<h1>次の画面</h1>"))
    first = await driver(transport).open(START)
    following = await first.press("次へ")
    assert following.heading == "次の画面"
    assert [(each.method, each.url) for each in transport.sent] == [
        ("GET", START),
        ("POST", f"https://{HOST}/a/next.do"),
    ]
    assert transport.sent[1].headers["Referer"] == START
    assert not transport.sent[1].follow


@pytest.mark.parametrize("label", ["振込", "次へ進む", "次"])
async def test_a_label_that_is_not_listed_is_not_pressed(label: str) -> None:
    transport = Scripted(button("/a/next.do", label))
    first = await driver(transport).open(START)
    with pytest.raises(ForbiddenPressError):
        await first.press(label)
    assert len(transport.sent) == 1


@pytest.mark.parametrize(
    "target",
    [
        "/b/transfer.do",
        "/a/../b/transfer.do",
        "/a/%2e%2e/transfer.do",
        "/a//x.do",
        "/a/x.do%2f..%2fb",
        "https://bank.example/a/next.do",
        f"http://{HOST}/a/next.do",
        "https://localhost:9999/a/next.do",
        "https://localhost:8443@bank.example/a/next.do",
        "file:///a/next.do",
    ],
)
async def test_a_place_that_is_not_listed_is_not_reached(target: str) -> None:
    transport = Scripted(button(target))
    first = await driver(transport).open(START)
    with pytest.raises(ForbiddenReachError):
        await first.press("次へ")
    assert len(transport.sent) == 1


async def test_a_place_is_reached_only_by_the_words_that_lead_there() -> None:
    reaches = [REACHES[0], Reach("POST", "*", "/a/looking.do", LOOKING)]
    both = "<form method=post action=looking.do><button>照 会</button><button>次へ</button></form>"
    transport = Scripted(page(both))
    first = await HttpDriver(transport, [HOST], ["照会", "次へ"], reaches).open(START)
    with pytest.raises(ForbiddenReachError):
        await first.press("次へ")
    assert len(transport.sent) == 1
    await first.press("照会")
    assert len(transport.sent) == 2


async def test_a_redirect_leads_only_where_the_pressed_words_lead() -> None:
    reaches = [*REACHES[:1], Reach("POST", "*", "/a/1.do"), Reach("POST", "*", "/a/2.do", LOOKING)]
    for words, sent in (("次へ", 2), ("照会", 3)):
        transport = Scripted(button("/a/1.do", words), redirect("2.do", 307), page(""))
        first = await HttpDriver(transport, [HOST], ["次へ", "照会"], reaches).open(START)
        if words in LOOKING:
            await first.press(words)
        else:
            with pytest.raises(ForbiddenReachError) as refused:
                await first.press(words)
            assert refused.value.problem.details["refused"] == f"POST {HOST}/a/2.do"
        assert len(transport.sent) == sent


async def test_a_method_that_is_not_listed_is_not_used() -> None:
    transport = Scripted(button("/a/next.do"))
    only_get = HttpDriver(transport, [HOST], ["次へ"], REACHES[:1])
    first = await only_get.open(START)
    with pytest.raises(ForbiddenReachError):
        await first.press("次へ")


@pytest.mark.parametrize("way", [redirect("/b/x.do"), redirect("https://bank.example/a/x.do", 307)])
async def test_a_redirect_cannot_lead_out(way: Response) -> None:
    transport = Scripted(button("/a/next.do"), way)
    first = await driver(transport).open(START)
    with pytest.raises(ForbiddenReachError):
        await first.press("次へ")
    assert len(transport.sent) == 2


async def test_a_page_that_moves_by_itself_cannot_lead_out() -> None:
    transport = Scripted(page('<meta http-equiv=refresh content="0;url=/b/x.do">'))
    with pytest.raises(ForbiddenReachError):
        await driver(transport).open(START)
    assert len(transport.sent) == 1


async def test_allowed_redirects_are_followed_as_browsers_do() -> None:
    answers = (
        button("/a/1.do"),
        redirect("2.do"),
        redirect("3.do#x", 307),
        page("<h1>着いた</h1>"),
    )
    transport = Scripted(*answers)
    first = await driver(transport).open(START)
    arrived = await first.press("次へ")
    assert arrived.heading == "着いた"
    assert arrived.url == f"https://{HOST}/a/3.do"
    assert [each.method for each in transport.sent] == ["GET", "POST", "GET", "GET"]


async def test_a_redirect_that_keeps_the_method_keeps_the_body() -> None:
    form = page("<form method=post action=1.do><input name=n value=7><button>次へ</button></form>")
    transport = Scripted(form, redirect("2.do", 308), page(""))
    await (await driver(transport).open(START)).press("次へ")
    assert transport.sent[2].method == "POST"
    assert transport.sent[2].body == b"n=7"


async def test_endless_redirects_and_endless_pages_end() -> None:
    with pytest.raises(TooManyPagesError):
        await driver(Scripted(redirect("start.do"))).open(START)
    with pytest.raises(TooManyPagesError):
        await driver(Scripted(page('<meta http-equiv=refresh content="0;url=start.do">'))).open(
            START
        )
    current = await driver(Scripted(button("/a/next.do")), pages=3).open(START)
    for _ in range(2):
        current = await current.press("次へ")
    with pytest.raises(TooManyPagesError):
        await current.press("次へ")


async def test_only_the_newest_page_can_be_used() -> None:
    old = await driver(Scripted(button("/a/next.do"))).open(START)
    await old.press("次へ")
    with pytest.raises(StalePageError):
        await old.press("次へ")


async def test_a_file_comes_with_its_name_and_leaves_the_page_open() -> None:
    headers = {
        "content-type": "text/csv",
        "content-disposition": 'attachment; filename="../a\\b.csv"',
    }
    file = Response(200, "", headers, b"1,2")
    one = driver(Scripted(button("/a/file.do", "ファイル取得"), file))
    shown = await one.open(START)
    download = await shown.download("ファイル取得")
    assert (download.data, download.name) == (b"1,2", "b.csv")
    assert one.page is shown


async def test_a_page_in_place_of_a_file_is_open_then() -> None:
    one = driver(Scripted(button("/a/file.do", "ファイル取得"), page("<h1>エラー</h1>")))
    shown = await one.open(START)
    with pytest.raises(NotAFileError):
        await shown.download("ファイル取得")
    assert one.page is not None
    assert one.page.heading == "エラー"


class Held(Scripted):
    """Holds its second answer back until it is let go."""

    def __init__(self, *answers: Response) -> None:
        super().__init__(*answers)
        self.asked = asyncio.Event()
        self.let_go = asyncio.Event()

    async def send(self, request: Request, sink: Sink | None = None) -> Response:
        answer = await super().send(request, sink)
        if len(self.sent) == 2:
            self.asked.set()
            await self.let_go.wait()
        return answer


async def test_a_cancelled_press_waits_for_the_answer_so_that_the_newest_page_is_known() -> None:
    transport = Held(button("/a/next.do"), page("<h1>次の画面</h1>"))
    one = driver(transport)
    press = asyncio.create_task((await one.open(START)).press("次へ"))
    await transport.asked.wait()
    press.cancel()
    assert one.unanswered
    transport.let_go.set()
    with pytest.raises(asyncio.CancelledError):
        await press
    assert one.page is not None
    assert one.page.heading == "次の画面"
    assert not one.unanswered


async def test_a_cancelled_press_gives_up_after_its_grace() -> None:
    transport = Held(button("/a/next.do"), page(""))
    one = HttpDriver(transport, [HOST], ["次へ"], REACHES, grace=0)
    first = await one.open(START)
    press = asyncio.create_task(first.press("次へ"))
    await transport.asked.wait()
    press.cancel()
    with pytest.raises(asyncio.CancelledError):
        await press
    assert one.page is first
    assert one.unanswered
