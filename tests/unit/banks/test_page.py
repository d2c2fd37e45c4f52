"""A page is used by the words that a person reads on it."""

from urllib.parse import parse_qsl

import pytest

from hikae.banks.document import Document
from hikae.banks.errors import (
    ForbiddenFieldError,
    LabelAmbiguousError,
    LabelMissingError,
    NotUsableError,
)
from hikae.banks.form import Submission
from hikae.banks.page import Download, Page
from hikae.model.secret import Secret

URL = "https://localhost:8443/9901c/rblgi01/a.do?x=1"


class Notes:
    """A driver that writes down what it is asked for and shows the same page again."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.targets: list[Submission] = []

    async def follow(self, page: Page, words: str, target: Submission) -> Page:
        self.words.append(words)
        self.targets.append(target)
        return page

    async def save(self, page: Page, words: str, target: Submission) -> Download:
        await self.follow(page, words, target)
        return Download(b"")


def shown(html: str, encoding: str = "utf-8") -> tuple[Page, Notes]:
    notes = Notes()
    body = html.encode(encoding)
    return Page(Document(body, URL, f"text/html; charset={encoding}"), notes), notes


async def sent(
    page: Page, notes: Notes, label: str = "送る", encoding: str = "utf-8"
) -> dict[str, str]:
    await page.press(label)
    body = notes.targets[-1].body
    assert body is not None
    return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, encoding=encoding))


def form(inside: str) -> str:
    return f'<form method=post action="b.do">{inside}<input type=submit name=go value=送る></form>'


@pytest.mark.parametrize(
    "field",
    [
        "<label for=a>パスワード</label><input id=a name=p>",
        "<label>パスワード<input name=p></label>",
        "<input name=p aria-label=パスワード>",
        "<input name=p placeholder=パスワード>",
        "<input name=p title=パスワード>",
        "<table><tr><th>パスワード</th><td><input name=p></td></tr></table>",
        "<table><tr><td>[パスワード]</td><td>&nbsp;</td><td><input name=p></td></tr></table>",
        "<table><tr><td>パスワード</td></tr><tr><td><input name=p></td></tr></table>",
        "<table><tr><td>ﾊﾟｽﾜｰﾄﾞ：<br><input name=p></td></tr></table>",
        "<table><tr><td>パスワード</td><td><table><tr><td><input name=p></table></td></tr></table>",
        "<table><tr><th rowspan=2>パスワード<td>x</tr><tr><td><input name=p></tr></table>",
        "<p>パスワード <font><input name=p></font></p>",
        "<dl><dt>パスワード</dt><dd><input name=p></dd></dl>",
    ],
)
async def test_a_field_is_found_by_what_a_person_reads_beside_it(field: str) -> None:
    page, notes = shown(form(field))
    page.fill("パスワード", Secret("s3cret"))
    assert (await sent(page, notes))["p"] == "s3cret"


def test_a_field_that_is_not_there_is_told_with_those_that_are() -> None:
    page, _ = shown("<h1>ログイン</h1>" + form("お客様ID<input name=i value=secret>"))
    with pytest.raises(LabelMissingError) as caught:
        page.fill("ログインID", "x")
    details = caught.value.problem.details
    assert details == {"heading": "ログイン", "wanted": "ログインID", "found": "お客様ID"}


def test_two_fields_of_one_name_are_ambiguous_unless_a_row_is_filled() -> None:
    page, _ = shown(
        form("<table><tr><th>期間</th><td><input name=a>～<input name=b></td></tr></table>")
    )
    with pytest.raises(LabelAmbiguousError):
        page.fill("期間", "20261101")
    page.fill("期間", "20261101", "20261130")


def test_a_field_that_is_read_only_or_disabled_cannot_be_filled() -> None:
    page, _ = shown(
        form("番号<input name=n readonly> <fieldset disabled>枝番<input name=m></fieldset>")
    )
    assert not page.asks("番号")
    assert not page.asks("枝番")


@pytest.mark.parametrize(
    "label",
    ["取引パスワード", "確認用 ﾊﾟｽﾜｰﾄﾞ", "ご登録の承認用パスワード", "乱数表 ア-1", "確認パスワード"],
)
def test_what_only_moving_money_needs_is_never_filled(label: str) -> None:
    page, _ = shown(form(f"<table><tr><th>{label}</th><td><input name=p></td></tr></table>"))
    with pytest.raises(ForbiddenFieldError):
        page.fill(label, Secret("x"))


def test_a_forbidden_field_that_also_carries_a_harmless_label_is_not_filled() -> None:
    row = "<tr><th>取引パスワード</th><td><input name=p aria-label=ログインパスワード></td></tr>"
    page, _ = shown(form(f"<table>{row}</table>"))
    with pytest.raises(ForbiddenFieldError):
        page.fill("ログインパスワード", Secret("x"))


@pytest.mark.parametrize(
    "order",
    [
        "取引パスワード<input type=password name=p>",
        "<label for=a>支払金額(円)</label><input id=a name=p value=1000>",
        "<p style='display:none'>振込先口座<input name=p></p>",
        "<input type=hidden name=支払金額 value=1000>",
        "振込先<select name=s><option>1</select>",
    ],
)
async def test_a_form_that_is_an_order_is_not_sent_whatever_its_button_says(order: str) -> None:
    page, notes = shown(form(order) + '<form action="c.do"><input type=submit value=戻る></form>')
    for way in (page.press, page.download):
        with pytest.raises(ForbiddenFieldError):
            await way("送る")
    assert notes.targets == []
    await page.press("戻る")
    assert len(notes.targets) == 1


async def test_a_form_sends_what_a_browser_would() -> None:
    page, notes = shown(
        form(
            "<input type=hidden name=token value=t1><input name=off value=1 disabled>"
            "<input type=checkbox name=c1 value=1 checked><input type=checkbox name=c2>"
            "<input type=radio name=r value=a><input type=radio name=r value=b checked>"
            "<select name=s><option value=1>一<option selected value=2>二</select>"
            "<textarea name=t>x\ny</textarea><input type=submit name=other value=別>"
            "<input name=noname><input value=unnamed>"
        )
    )
    assert await sent(page, notes) == {
        "token": "t1",
        "c1": "1",
        "r": "b",
        "s": "2",
        "t": "x\r\ny",
        "noname": "",
        "go": "送る",
    }
    assert notes.targets[0].url == "https://localhost:8443/9901c/rblgi01/b.do"


async def test_values_go_out_in_the_characters_of_the_page() -> None:
    page, notes = shown(form("名義<input name=n>"), "cp932")
    page.fill("名義", "髙島①😀")
    assert (await sent(page, notes, encoding="cp932"))["n"] == "髙島①&#128512;"


async def test_fields_after_a_form_that_was_opened_between_table_rows_belong_to_it() -> None:
    page, notes = shown(
        "<table><form method=post action=b.do><input type=hidden name=token value=t>"
        "<tr><th>番号</th><td><input name=n></td></tr>"
        "<tr><td><input type=submit value=送る></td></tr></form></table>"
    )
    page.fill("番号", "7")
    assert await sent(page, notes) == {"token": "t", "n": "7"}


async def test_a_get_form_puts_its_fields_into_the_address() -> None:
    page, notes = shown(
        "<form action=/q.do?old=1><input name=a value=1><input type=submit value=送る></form>"
    )
    await page.press("送る")
    assert notes.targets == [Submission("GET", "https://localhost:8443/q.do?a=1")]


async def test_a_picture_button_is_found_by_its_words_and_sends_a_place() -> None:
    page, notes = shown("<form method=post><input type=image name=i alt=電子証明書ログイン></form>")
    assert await sent(page, notes, "電子証明書ログイン") == {"i.x": "1", "i.y": "1"}
    assert notes.targets[0].url == URL


@pytest.mark.parametrize(
    "inside", ["ログアウト", "<img src=x.gif alt=ログアウト>", "<b>ログ</b>アウト"]
)
async def test_a_link_is_pressed_like_a_button(inside: str) -> None:
    page, notes = shown(f"<a href='../out.do#top'>{inside}</a>")
    await page.press("ログアウト")
    assert notes.targets == [Submission("GET", "https://localhost:8443/9901c/out.do")]


async def test_the_first_synonym_that_the_page_shows_is_pressed() -> None:
    page, notes = shown("<a href=a>ログイン</a><a href=b>電子証明書ログイン</a>")
    await page.press(("電子証明書ログイン", "ログイン"))
    assert notes.targets[0].url.endswith("/b")


async def test_the_same_button_above_and_below_a_list_is_one() -> None:
    button = "<input type=submit name=n value=次へ>"
    page, notes = shown(f"<form method=post action=x.do>{button}<hr>{button}</form>")
    await page.press("次へ")
    assert notes.words == ["次へ"]


async def test_two_different_buttons_of_one_name_are_ambiguous_unless_told_apart() -> None:
    page, notes = shown(
        "<table><tr><td>ID・パスワード方式<form method=post action=id.do>"
        "<input type=submit value=ログイン></form></td>"
        "<td>電子証明書方式<form method=post action=cert.do>"
        "<input type=submit value=ログイン></form></td></tr></table>"
    )
    with pytest.raises(LabelAmbiguousError):
        await page.press("ログイン")
    await page.press("ログイン", near="電子証明書")
    assert notes.targets[0].url.endswith("/cert.do")


async def test_a_button_that_only_a_script_gives_a_meaning_is_told_so() -> None:
    page, _ = shown("<input type=button value=照会 onclick=go()><a href='javascript:x()'>次へ</a>")
    for label in ("照会", "次へ"):
        assert not page.offers(label)
        with pytest.raises(NotUsableError) as caught:
            await page.press(label)
        assert caught.value.problem.details["reason"] == "needs scripts"


async def test_a_button_that_is_switched_off_is_told_so() -> None:
    page, _ = shown("<form><input type=submit value=次へ disabled></form>")
    with pytest.raises(NotUsableError):
        await page.press("次へ")


async def test_a_missing_button_is_told_with_those_that_are_there() -> None:
    page, _ = shown("<a href=a>戻る</a><a href=b>進む</a>")
    with pytest.raises(LabelMissingError) as caught:
        await page.press("次へ")
    assert caught.value.problem.details["found"] == "戻る / 進む"


async def test_a_radio_button_is_chosen_by_the_words_behind_it() -> None:
    row = "<input type=radio name=m value=1>照会 <input type=radio name=m value=2>日付範囲指定"
    page, notes = shown(form(f"<table><tr><th>照会方法</th><td>{row}</td></tr></table>"))
    page.choose("照会方法", "日付範囲指定")
    assert (await sent(page, notes))["m"] == "2"


async def test_boxes_without_words_of_their_own_are_chosen_by_their_row() -> None:
    rows = "".join(
        f"<tr><td><input type=checkbox name=k{n} value=on {'checked' if n == 1 else ''}></td>"
        f"<td>本店({n:03})</td><td>普通</td><td>000000{n}</td></tr>"
        for n in (1, 2, 3)
    )
    page, notes = shown(form(f"<table><tr><th>選択<th>支店<th>科目<th>番号</tr>{rows}</table>"))
    assert page.choice("選択").options[0] == "本店(001) 普通 0000001"
    page.choose("選択", "本店(002) 普通 0000002", "本店(003) 普通 0000003")
    assert (await sent(page, notes)).keys() == {"k2", "k3", "go"}


async def test_a_list_takes_an_option_by_its_words_or_as_a_number() -> None:
    months = "".join(f"<option value=m{n}>{n:02}月" for n in range(1, 13))
    page, notes = shown(form(f"対象月<select name=s>{months}</select>"))
    page.fill("対象月", "11")
    assert (await sent(page, notes))["s"] == "m11"
    page.choose("対象月", "02月")
    assert (await sent(page, notes))["s"] == "m2"


def test_an_option_that_is_not_there_is_told_with_those_that_are() -> None:
    page, _ = shown(
        form(
            "<fieldset><legend>方法</legend><label><input type=radio name=m>照会</label></fieldset>"
        )
    )
    with pytest.raises(LabelMissingError) as caught:
        page.choose("方法", "日付範囲指定")
    assert caught.value.problem.details["found"] == "照会"


def test_a_message_does_not_show_the_numbers_of_accounts() -> None:
    boxes = "<input type=checkbox name=a>本店 0000001<input type=checkbox name=b>本店 0000002"
    page, _ = shown(form(f"<table><tr><th>口座<td>{boxes}</table>"))
    with pytest.raises(LabelMissingError) as caught:
        page.choose("口座", "本店 0000003")
    assert "000000" not in str(caught.value)


@pytest.mark.parametrize(
    "html",
    [
        "<table><caption>入出金明細</caption>{}</table>",
        "<p>■入出金明細</p><table>{}</table>",
        "<div><h3>[入出金明細]</h3></div><div><table>{}</table></div>",
    ],
)
def test_a_table_is_found_by_its_title(html: str) -> None:
    page, _ = shown(
        html.format("<tr><th>日付<th>金額</tr><tr><td>1日<td>100</tr><tr><td colspan=2>計</tr>")
    )
    table = page.table("入出金明細")
    assert table.headings == ("日付", "金額")
    assert table.rows == (("1日", "100"),)
    assert page.table("金額") == table


def test_two_tables_of_one_name_are_ambiguous() -> None:
    page, _ = shown("<table><tr><th>a<th>b</tr></table><table><tr><th>a<th>c</tr></table>")
    with pytest.raises(LabelAmbiguousError):
        page.table("a")
    with pytest.raises(LabelMissingError):
        page.table("z")


def test_words_are_found_wherever_they_are_broken() -> None:
    page, _ = shown("<p>ログ<b>イン</b>　パスワード</p>")
    assert page.has("ログインパスワード")
    assert not page.has("ログアウト")
