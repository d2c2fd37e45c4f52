"""What a browser would send: the state of a form and the request that pressing a button makes.

It knows HTML forms (HTML standard, form submission) and nothing of banks.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote_plus, urljoin, urlsplit, urlunsplit

from selectolax.lexbor import LexborNode

from hikae.banks.controls import Control, Kind
from hikae.banks.document import Document, attribute, text_of
from hikae.model.secret import Secret

_URLENCODED = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Submission:
    """A request that a page leads to. body: None for GET; it never shows in a repr."""

    method: str
    url: str
    body: bytes | None = field(default=None, repr=False)


class Entries:
    """What a person has entered so far, over what the page came with."""

    def __init__(self) -> None:
        """Nothing entered."""
        self._texts: dict[int, str | Secret] = {}
        self._ticked: dict[int, bool] = {}
        self._selected: dict[int, frozenset[int]] = {}

    def write(self, control: Control, text: str | Secret) -> None:
        """Put text into a field."""
        self._texts[control.node.mem_id] = text

    def tick(self, control: Control, on: bool) -> None:
        """Tick a box or release it."""
        self._ticked[control.node.mem_id] = on

    def select(self, control: Control, places: Iterable[int]) -> None:
        """Choose the options at these places of a list."""
        self._selected[control.node.mem_id] = frozenset(places)

    def pairs(self, control: Control) -> Iterator[tuple[str, str]]:
        """Name and value of everything that the control sends."""
        match control.kind:
            case Kind.SELECT:
                options = control.node.css("option")
                chosen = self._chosen(control, options)
                yield from ((control.name, _option_value(options[n])) for n in sorted(chosen))
            case Kind.RADIO | Kind.CHECKBOX:
                if self._ticked.get(control.node.mem_id, "checked" in control.attributes):
                    given = "value" in control.attributes
                    yield control.name, control.value if given else "on"
            case Kind.TEXT | Kind.HIDDEN:
                yield control.name, self._text(control)
            case _:
                return

    def _text(self, control: Control) -> str:
        text = self._texts.get(control.node.mem_id)
        if text is None:
            text = control.node.text() if control.node.tag == "textarea" else control.value
        return text.reveal() if isinstance(text, Secret) else text

    def _chosen(self, control: Control, options: list[LexborNode]) -> frozenset[int]:
        if (entered := self._selected.get(control.node.mem_id)) is not None:
            return entered
        marked = [n for n, option in enumerate(options) if "selected" in option.attributes]
        if "multiple" in control.attributes:
            return frozenset(marked)
        usable = (n for n, option in enumerate(options) if "disabled" not in option.attributes)
        return frozenset(marked[-1:] or [n for n in (next(usable, None),) if n is not None])


def submission(
    document: Document, controls: Iterable[Control], entries: Entries, pressed: Control
) -> Submission:
    """The request that pressing a link or a button of a form makes.

    Values go out in the page's own characters; what these cannot express becomes a numeric
    character reference, as browsers do.
    """
    if pressed.kind is Kind.LINK:
        address = urljoin(document.base, pressed.said("href").strip())
        return Submission("GET", _without_fragment(address))
    form = pressed.form
    method = _said(pressed, form, "formmethod", "method").upper()
    action = _said(pressed, form, "formaction", "action").strip()
    url = _without_fragment(urljoin(document.base, action) if action else document.url)
    mine = (each for each in controls if each.form is not None and _same(each.form, form))
    encoded = _encoded(_sent(mine, entries, pressed), document.encoding)
    if method == "POST":
        return Submission("POST", url, encoded.encode("ascii"))
    return Submission("GET", urlunsplit(urlsplit(url)._replace(query=encoded)))


def _sent(
    controls: Iterable[Control], entries: Entries, pressed: Control
) -> Iterator[tuple[str, str]]:
    """Names and values in the order of the document: fields, and the pressed button only."""
    for control in controls:
        if _same(control.node, pressed.node):
            yield from _of_button(pressed)
        elif control.name and not control.disabled:
            yield from entries.pairs(control)


def _of_button(pressed: Control) -> Iterator[tuple[str, str]]:
    if pressed.kind is Kind.IMAGE:
        prefix = f"{pressed.name}." if pressed.name else ""
        yield from ((f"{prefix}x", "1"), (f"{prefix}y", "1"))
    elif pressed.name:
        yield pressed.name, pressed.value


def _encoded(pairs: Iterable[tuple[str, str]], encoding: str) -> str:
    quoted = ((_quoted(name, encoding), _quoted(value, encoding)) for name, value in pairs)
    return "&".join(f"{name}={value}" for name, value in quoted)


def _quoted(text: str, encoding: str) -> str:
    if text.isascii() and text.isalnum():  # most of what is sent, and the same in every encoding
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    return quote_plus(lines.encode(encoding, "xmlcharrefreplace"), safe="*")


def _option_value(option: LexborNode) -> str:
    return attribute(option, "value") if "value" in option.attributes else text_of(option)


def _said(button: Control, form: LexborNode | None, own: str, of_form: str) -> str:
    """What the button says, else what its form says."""
    return button.said(own) or (attribute(form, of_form) if form is not None else "")


def _same(one: LexborNode, other: LexborNode | None) -> bool:
    return other is not None and one.mem_id == other.mem_id


def _without_fragment(url: str) -> str:
    return urlunsplit(urlsplit(url)._replace(fragment=""))
