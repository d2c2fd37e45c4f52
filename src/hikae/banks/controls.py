"""What can be filled in, chosen or pressed in a document, and what a person calls each of them.

A person reads the label that belongs to a field, the words before it, the cell to its left, or
the heading of its column; all of these are its names.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from selectolax.lexbor import LexborNode

from hikae.banks.document import Document, attribute, text_of
from hikae.banks.labels import plain
from hikae.banks.table import Grid

Attributes = Mapping[str, str | None]

_ASKED_FOR = "form, fieldset[disabled], input, select, textarea, button, a[href]"
_CONTROLS = frozenset({"input", "select", "textarea", "button"})
_CELLS = frozenset({"td", "th"})
_ENDS = frozenset({"td", "th", "form", "fieldset", "table", "body", "html"})


class Kind(StrEnum):
    """How a control is used."""

    TEXT = "text"
    SELECT = "select"
    RADIO = "radio"
    CHECKBOX = "checkbox"
    HIDDEN = "hidden"
    SUBMIT = "submit"
    IMAGE = "image"
    LINK = "link"
    SCRIPT = "script"  # a button that only a script gives a meaning
    NONE = "none"  # reset buttons, files to upload


_PRESSED = frozenset({Kind.SUBMIT, Kind.IMAGE, Kind.LINK, Kind.SCRIPT})
_INPUT_KINDS = {
    "radio": Kind.RADIO,
    "checkbox": Kind.CHECKBOX,
    "hidden": Kind.HIDDEN,
    "submit": Kind.SUBMIT,
    "image": Kind.IMAGE,
    "button": Kind.SCRIPT,
    "reset": Kind.NONE,
    "file": Kind.NONE,
}
_BUTTON_KINDS = {"button": Kind.SCRIPT, "reset": Kind.NONE}


@dataclass(frozen=True, slots=True, eq=False)
class Control:
    """One control.

    attributes: as they stand in the page. form: the one it belongs to, wherever the parser put it.
    disabled: the page has switched it off, alone or with its fieldset.
    """

    node: LexborNode
    attributes: Attributes
    kind: Kind
    form: LexborNode | None
    disabled: bool

    def said(self, name: str) -> str:
        """An attribute, empty where there is none."""
        return self.attributes.get(name) or ""

    @property
    def name(self) -> str:
        """The name under which it is submitted."""
        return self.said("name")

    @property
    def value(self) -> str:
        """The value that it came with."""
        return self.said("value")

    @property
    def maximum(self) -> int | None:
        """How many characters it takes, where it says so."""
        said = self.said("maxlength")
        return int(said) if said.isascii() and said.isdigit() else None

    @property
    def takes_iso_date(self) -> bool:
        """Whether it is a date field of the browser, whose value is `2026-11-24`."""
        return self.said("type").lower() == "date"

    def belongs_to(self, form: LexborNode) -> bool:
        """Whether it is sent with this form."""
        return self.form is not None and self.form.mem_id == form.mem_id

    @property
    def pressed(self) -> bool:
        """Whether it is pressed rather than filled in."""
        return self.kind in _PRESSED


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice on the page: radio buttons, checkboxes or a list.

    names: what it is called. options: in their order; `several` of them may be chosen together.
    """

    names: tuple[str, ...]
    options: tuple[str, ...]
    several: bool
    controls: tuple[Control, ...]


class Controls:
    """All controls of a document in its order."""

    def __init__(self, document: Document) -> None:
        """Find them; their names are worked out when they are asked for."""
        self._document = document
        self._grids: dict[int, Grid] = {}
        self.all = tuple(_controls(document))

    @cached_property
    def buttons(self) -> tuple[tuple[Control, tuple[str, ...]], ...]:
        """What can be pressed, with its names."""
        return tuple((each, _button_names(each)) for each in self.all if each.pressed)

    @cached_property
    def fields(self) -> tuple[tuple[Control, tuple[str, ...]], ...]:
        """What text is put into, lists included, with its names."""
        kinds = (Kind.TEXT, Kind.SELECT)
        return tuple((each, self._names(each)) for each in self.all if each.kind in kinds)

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """Radio buttons of one name, checkboxes of one table or form, and lists."""
        groups: dict[tuple[object, ...], list[Control]] = {}
        for each in self.all:
            if key := _group(each):
                groups.setdefault(key, []).append(each)
        return tuple(self._choice(tuple(group)) for group in groups.values())

    def _choice(self, group: tuple[Control, ...]) -> Choice:
        names = tuple(dict.fromkeys(name for each in group for name in self._names(each)))
        if group[0].kind is Kind.SELECT:
            options = tuple(map(text_of, group[0].node.css("option")))
            return Choice(names, options, "multiple" in group[0].attributes, group)
        return Choice(names, self._options(group), group[0].kind is Kind.CHECKBOX, group)

    def _options(self, group: tuple[Control, ...]) -> tuple[str, ...]:
        """The words at each box; where they do not tell boxes apart, the words of its row."""
        own = tuple(self._option(each) for each in group)
        if all(own) and len(set(own)) == len(own):
            return own
        return tuple(self._row(each) or option for each, option in zip(group, own, strict=True))

    def _option(self, control: Control) -> str:
        return next(self._own_labels(control), "") or _beside(control.node, lambda n: n.next)

    def _row(self, control: Control) -> str:
        for cell in _cells_around(control.node):
            if (grid := self._grid(cell)) and (place := grid.place(cell)):
                return grid.row_text(place[0])
        return ""

    def _names(self, control: Control) -> tuple[str, ...]:
        names = [*self._own_labels(control), *_said_by_itself(control)]
        names.append(_beside(control.node, lambda node: node.prev))
        if legend := _legend(control.node):
            names.append(legend)
        for cell in _cells_around(control.node):
            if around := self._around(control, cell):
                names += around
                break
        return tuple(dict.fromkeys(filter(None, names)))

    def _around(self, control: Control, cell: LexborNode) -> list[str]:
        """The cell to the left and, for boxes or without one, the heading above."""
        grid = self._grid(cell)
        place = grid.place(cell) if grid else None
        if grid is None or place is None:
            return []
        left = grid.left_of(*place)
        box = control.kind in {Kind.RADIO, Kind.CHECKBOX}
        above = grid.above(*place) if box or not left else ""
        return [text for text in (left, above) if text]

    def _grid(self, cell: LexborNode) -> Grid | None:
        table = next((n for n in _ancestors(cell) if n.tag == "table"), None)
        if table is None:
            return None
        if table.mem_id not in self._grids:
            self._grids[table.mem_id] = Grid(table)
        return self._grids[table.mem_id]

    @cached_property
    def _labels(self) -> dict[str, str]:
        labels = self._document.tree.css("label[for]")
        return {attribute(label, "for"): text_of(label) for label in labels}

    def _own_labels(self, control: Control) -> Iterator[str]:
        if label := self._labels.get(control.said("id")):
            yield label
        for node in _ancestors(control.node):
            if node.tag == "label":
                yield text_of(node)


def _controls(document: Document) -> Iterator[Control]:
    """Controls with their forms.

    A form that is opened between table rows is an empty element to the parser; what follows it
    without a form of its own belongs to it nevertheless (HTML standard, form element pointer).
    """
    found = document.tree.css(_ASKED_FOR)
    forms = {attribute(node, "id"): node for node in found if node.tag == "form"}
    off = {n.mem_id for node in found if node.tag == "fieldset" for n in node.css("*")}
    opened: LexborNode | None = None
    for node in found:
        if node.tag == "form":
            opened = node if node.first_child is None else None
        elif node.tag != "fieldset":
            inside = next((n for n in _ancestors(node) if n.tag == "form"), None)
            attributes = node.attributes
            named = attributes.get("form")
            form = (forms.get(named) if named else None) or inside or opened
            disabled = "disabled" in attributes or node.mem_id in off
            yield Control(node, attributes, _kind(node.tag, attributes), form, disabled)


def _kind(tag: str | None, attributes: Attributes) -> Kind:
    kind = (attributes.get("type") or "").strip().lower()
    match tag:
        case "a":
            address = (attributes.get("href") or "").strip().lower()
            return Kind.SCRIPT if address.startswith(("javascript:", "#")) else Kind.LINK
        case "button":
            return _BUTTON_KINDS.get(kind, Kind.SUBMIT)
        case "select":
            return Kind.SELECT
        case "input":
            return _INPUT_KINDS.get(kind, Kind.TEXT)
        case _:
            return Kind.TEXT


def _group(control: Control) -> tuple[object, ...] | None:
    form = control.form.mem_id if control.form is not None else 0
    match control.kind:
        case Kind.SELECT:
            return (control.node.mem_id,)
        case Kind.RADIO:
            return (form, "radio", control.name)
        case Kind.CHECKBOX:
            around = (n.mem_id for n in _ancestors(control.node) if n.tag in {"table", "fieldset"})
            return (form, "checkbox", next(around, 0))
        case _:
            return None


def _button_names(control: Control) -> tuple[str, ...]:
    node = control.node
    if node.tag == "input":
        words = [control.value, control.said("alt")]
        if control.kind is Kind.SUBMIT and not control.value:
            words.append("送信")
    else:
        words = [text_of(node), *(attribute(image, "alt") for image in node.css("img[alt]"))]
    words += [control.said("aria-label"), control.said("title")]
    return tuple(dict.fromkeys(word for each in words if (word := plain(each))))


def _said_by_itself(control: Control) -> Iterator[str]:
    return (plain(control.said(name)) for name in ("aria-label", "title", "placeholder"))


def _legend(node: LexborNode) -> str:
    fieldset = next((n for n in _ancestors(node) if n.tag == "fieldset"), None)
    legend = fieldset.css_first("legend") if fieldset is not None else None
    return text_of(legend) if legend is not None else ""


def _beside(node: LexborNode, onward: Callable[[LexborNode], LexborNode | None]) -> str:
    """The nearest words on one side of a control, inside its cell, up to another control."""
    here: LexborNode | None = node
    while here is not None and here.tag not in _ENDS:
        sibling = onward(here)
        while sibling is not None:
            if _stands_between(sibling):
                return ""
            text = sibling.text_content if sibling.is_text_node else text_of(sibling)
            if text and (said := plain(text)):
                return said
            sibling = onward(sibling)
        here = here.parent
    return ""


def _stands_between(node: LexborNode) -> bool:
    if node.is_text_node:
        return False
    if node.tag in _CONTROLS:
        return attribute(node, "type").lower() != "hidden"
    return node.css_first("input:not([type=hidden]), select, textarea, button") is not None


def _cells_around(node: LexborNode) -> Iterator[LexborNode]:
    return (each for each in _ancestors(node) if each.tag in _CELLS)


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    above = node.parent
    while above is not None:
        yield above
        above = above.parent
