"""From a page to the bytes a browser gets: the frame around every page, cp932, replies."""

from __future__ import annotations

from html import escape
from urllib.parse import unquote

from hikae.simbank.exchange import Reply
from hikae.simbank.families.bizsol.page import PICTURES, Block, File, Link, Page, Part, Redirect

_HTML = ("Content-Type", "text/html; charset=Windows-31J")
_NO_STORE = ("Cache-Control", "no-store")


def html(page: Page, bank: str, token: str) -> str:
    """The document of a page; a blank page has nothing in its body."""
    title = escape(f"{bank} {page.title}")
    head = (
        '<meta http-equiv="Content-Type" content="text/html; charset=Windows-31J">'
        f"<title>{'' if page.blank else title}</title>"
    )
    if page.blank:
        return f"<html><head>{head}</head><body></body></html>"
    parts = "".join(_part(part, token) for part in page.parts)
    return (
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">'
        f'<html lang="ja"><head>{head}</head><body bgcolor="#ffffff">'
        f'<table width="100%"><tr><td><b>{escape(bank)}</b></td></tr>'
        f'<tr><td class="title">{escape(page.heading)}</td></tr>'
        f"<tr><td>{parts}</td></tr></table></body></html>"
    )


def _part(part: Part, token: str) -> str:
    match part:
        case Block():
            return part.html(token)
        case Link():
            return part.html
        case _:
            return part


def page_reply(page: Page, document: str, *headers: tuple[str, str]) -> Reply:
    """A document as a reply."""
    title = "(blank)" if page.blank else page.heading
    body = document.encode("cp932")
    return Reply(page.status, (_HTML, _NO_STORE, *headers), body, title, hang=page.hang)


def file_reply(file: File) -> Reply:
    """A download."""
    headers = (
        ("Content-Type", "application/octet-stream"),
        ("Content-Disposition", f'attachment; filename="{file.name}"'),
        _NO_STORE,
    )
    return Reply(200, headers, file.content, file.name, cut=file.cut)


def redirect_reply(redirect: Redirect) -> Reply:
    """A redirect to where the page will be shown."""
    headers = (("Location", redirect.path), _NO_STORE)
    return Reply(redirect.status, headers, b"", redirect.page.heading)


def picture_reply(path: str) -> Reply:
    """The picture of an image button, drawn from the label in its address."""
    label = escape(unquote(path.removeprefix(PICTURES)).removesuffix(".svg"))
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="180" height="28">'
        '<rect width="180" height="28" rx="4" fill="#003366"/>'
        f'<text x="90" y="19" font-size="14" text-anchor="middle" fill="#ffffff">{label}</text>'
        "</svg>"
    )
    return Reply(200, (("Content-Type", "image/svg+xml"),), drawing.encode(), "(picture)")
