"""Bytes become the text that the bank meant."""

import pytest

from hikae.banks.document import Document, decode

NUMBERED = "<p>①番の髙島屋</p>"


@pytest.mark.parametrize("charset", ["Shift_JIS", "x-sjis", "Windows-31J", "cp932"])
def test_every_name_for_shift_jis_is_read_as_what_banks_send_under_it(charset: str) -> None:
    text, encoding = decode(NUMBERED.encode("cp932"), f"text/html; charset={charset}")
    assert (text, encoding) == (NUMBERED, "cp932")


def test_the_header_goes_before_what_the_page_says_of_itself() -> None:
    page = '<meta charset="Shift_JIS">あ'
    assert decode(page.encode(), "text/html; charset=UTF-8") == (page, "utf-8")


def test_a_page_may_say_its_characters_itself() -> None:
    page = '<meta http-equiv="Content-Type" content="text/html; charset=EUC-JP">あ'
    assert decode(page.encode("euc_jp"), "text/html") == (page, "euc_jp")


@pytest.mark.parametrize(("encoding"), ["utf-8", "cp932"])
def test_a_page_that_says_nothing_is_read_as_what_it_fits(encoding: str) -> None:
    assert decode("口座".encode(encoding), "") == ("口座", encoding)


@pytest.mark.parametrize("charset", ["utf-7", "rot13", "unicode_escape", "x" * 50])
def test_an_encoding_that_no_bank_uses_is_not_believed(charset: str) -> None:
    assert decode("口座".encode(), f"text/html; charset={charset}") == ("口座", "utf-8")


def test_broken_bytes_give_a_page_all_the_same() -> None:
    document = Document(b"\xff\xfe\x80<h1>\x81</h1>", "https://localhost/", "text/html")
    assert document.lines


def test_the_heading_is_a_heading_or_else_the_title() -> None:
    page = b"<title>T</title><h2> </h2><h3>H</h3>"
    assert Document(page, "https://localhost/").heading == "H"
    assert Document(b"<title>T</title>", "https://localhost/").heading == "T"
    assert Document(b"", "https://localhost/").heading == ""


def test_scripts_and_styles_are_not_read() -> None:
    page = b"<style>a{}</style><p>seen</p><script>var x</script><noscript>no</noscript>"
    assert Document(page, "https://localhost/").lines == ("seen",)


def test_inline_elements_do_not_cut_a_sentence_but_cells_do() -> None:
    page = "<table><tr><td>口<b>座</b>の<br>番号</td><td>1</td></tr></table>".encode()
    assert Document(page, "https://localhost/", "text/html; charset=utf-8").lines == (
        "口座の番号",
        "1",
    )


@pytest.mark.parametrize(
    ("content", "target"),
    [
        ("0;url=/next.do", "https://localhost/next.do"),
        ("3; URL='next.do'", "https://localhost/a/next.do"),
        ("600;url=/later.do", None),
        ("nonsense", None),
    ],
)
def test_a_page_that_moves_by_itself_says_where(content: str, target: str | None) -> None:
    page = f'<meta http-equiv="Refresh" content="{content}">'.encode()
    assert Document(page, "https://localhost/a/b.do").refresh == target
