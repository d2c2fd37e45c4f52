"""A page as data: its parts, its forms, and what each button leads to. Knows no particular page.

The page that was shown last decides what may be pressed next, as on the real sites: a button that
is not on it does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from hikae.simbank.families.bizsol.visit import Visit

PICTURES = "/img/"

Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class File:
    """A download; the page it was asked from stays the one shown."""

    name: str
    content: bytes
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Redirect:
    """Another page, by way of a redirect to a path; status 307 has the form sent there again."""

    path: str
    page: Page
    status: int = 302


@dataclass(frozen=True, slots=True)
class Link:
    """An address that does something when it is opened; `html` is how the page leads there."""

    path: str
    html: str
    then: Callable[[Visit, Form], Outcome]


@dataclass(frozen=True, slots=True)
class Button:
    """A button and what pressing it leads to; `path` where it is another than that of its form."""

    name: str
    label: str
    then: Callable[[Visit, Form], Outcome]
    image: bool = False
    path: str = ""

    def html(self) -> str:
        """The element; an image button shows its label only as the picture's alternative text."""
        name, label = escape(self.name), escape(self.label)
        if self.path:
            return f'<button name="{name}" formaction="{escape(self.path)}">{label}</button>'
        if self.image:
            picture = f"{PICTURES}{quote(self.label)}.svg"
            return f'<input type="image" name="{name}" src="{picture}" alt="{label}">'
        return f'<input type="submit" name="{name}" value="{label}">'


@dataclass(frozen=True, slots=True)
class Block:
    """A form: where it is sent to, the HTML of its fields, its buttons."""

    path: str
    fields: str
    buttons: tuple[Button, ...]
    method: str = "post"
    origin: str = ""

    def html(self, token: str) -> str:
        """The form with the page's one-time token."""
        buttons = "&nbsp;".join(button.html() for button in self.buttons)
        return (
            f'<form method="{self.method}" action="{escape(self.origin + self.path)}">'
            f'<input type="hidden" name="_token" value="{token}">'
            f'{self.fields}<table class="buttons"><tr><td>{buttons}</td></tr></table>'
            "</form>"
        )

    def pressed(self, path: str, form: Form) -> Button | None:
        """The button that sent the form to a path; an image button sends the point of the click."""
        for button in self.buttons:
            sent = button.name in form or f"{button.name}.x" in form
            if sent and (button.path or self.path) == path:
                return button
        return None


@dataclass(frozen=True, slots=True)
class Page:
    """A screen: identifier ("" where none is published), title, parts, status.

    `last` pages end the visit. `blank` pages say nothing at all.
    """

    screen: str
    title: str
    parts: tuple[Part, ...] = ()
    status: int = 200
    last: bool = False
    blank: bool = False
    hang: bool = False

    @property
    def heading(self) -> str:
        """Identifier and title as the screen and the log show them."""
        return f"[{self.screen}]{self.title}" if self.screen else self.title

    def find(self, path: str, form: Form) -> Button | None:
        """The button of this page that sent a form to a path."""
        blocks = (part for part in self.parts if isinstance(part, Block))
        return next(filter(None, (block.pressed(path, form) for block in blocks)), None)

    def link(self, path: str) -> Link | None:
        """What this page has opening a path do."""
        links = (part for part in self.parts if isinstance(part, Link))
        return next((link for link in links if link.path == path), None)


Part = str | Block | Link
Outcome = Page | File | Redirect


def first(form: Form, name: str) -> str:
    """The first value of a field, "" when it was not sent."""
    values = form.get(name, ())
    return values[0] if values else ""


def message(words: str) -> str:
    """A line in red, as these sites put errors above the form."""
    return f'<p class="error"><font color="#cc0000">{escape(words)}</font></p>' if words else ""


def fields(*rows: tuple[str, str]) -> str:
    """A layout table: the label in one cell, its input (HTML) in the next."""
    cells = "".join(f"<tr><th>{escape(label)}</th><td>{html}</td></tr>" for label, html in rows)
    return f'<table class="form" border="1">{cells}</table>'


def text_input(name: str, *, secret: bool = False, value: str = "", size: int = 20) -> str:
    """A text or password field without a label of its own."""
    kind = "password" if secret else "text"
    return (
        f'<input type="{kind}" name="{name}" value="{escape(value)}" size="{size}" '
        'maxlength="40" autocomplete="off">'
    )


def grid(name: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of data under a caption; cells are text."""
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell) or '&nbsp;'}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    return (
        f'<p class="caption">■{escape(name)}</p>'
        f'<table class="data" border="1"><tr>{head}</tr>{body}</table>'
    )
