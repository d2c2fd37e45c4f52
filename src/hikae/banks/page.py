"""A page of a bank, used as a person uses it: by the words on the screen.

A `Page` is a snapshot. What is filled in stays in it until a button is pressed; then another page
is open and this one can no longer be used. What only moving money needs, it refuses to fill in.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from hikae.banks.controls import Choice, Control, Controls, Kind
from hikae.banks.document import Document
from hikae.banks.errors import (
    ForbiddenFieldError,
    LabelAmbiguousError,
    LabelMissingError,
    NotUsableError,
)
from hikae.banks.form import Entries, Submission, submission
from hikae.banks.labels import Label, fold, spellings
from hikae.banks.table import Table, all_tables, named_tables
from hikae.model.secret import Secret

_MOVES_MONEY = re.compile(
    "|".join(
        fold(part)
        for part in (
            "取引パスワード",
            "取引用パスワード",
            "確認パスワード",
            "確認用パスワード",
            "承認パスワード",
            "承認用パスワード",
            "振込パスワード",
            "振込振替パスワード",
            "資金移動パスワード",
            "資金移動用パスワード",
            "第二パスワード",
            "第2パスワード",
            "確認暗証番号",
            "承認暗証番号",
            "資金移動暗証番号",
            "トランザクション認証番号",
            "乱数表",
            "確認番号表",
            "支払金額",
            "振込金額",
            "送金金額",
            "支払先",
            "振込先",
            "送金先",
        )
    )
)
"""Parts of the names of fields that a person never needs to read a statement."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file that a bank gave. name: as the bank called it, empty where it did not."""

    data: bytes = field(repr=False)
    name: str = ""


class Driver(Protocol):
    """Where pressing leads: HTTP or a browser."""

    async def follow(self, page: "Page", words: str, target: Submission) -> "Page":
        """The page that comes; `words` are those on what is pressed."""

    async def save(self, page: "Page", words: str, target: Submission) -> Download:
        """The file that comes, the page staying open; raises NotAFileError when a page comes."""


class Page:
    """A snapshot of a page and the finder for what is on it.

    Every method raises LabelMissingError or LabelAmbiguousError where a person would be at a loss.
    """

    def __init__(self, document: Document, driver: Driver, status: int = 200) -> None:
        """Show `document`; `status` is that of HTTP."""
        self.status = status
        self._document = document
        self._driver = driver
        self._controls = Controls(document)
        self._entries = Entries()

    @property
    def url(self) -> str:
        """Where the page came from."""
        return self._document.url

    @property
    def heading(self) -> str:
        """Its first heading or its title, bounded."""
        return self._document.heading

    @property
    def text(self) -> str:
        """What a person reads, one line for each block or cell."""
        return "\n".join(self._document.lines)

    def lines_with(self, marks: str) -> Iterator[str]:
        """Those lines of the text that have one of these characters."""
        return self._document.lines_with(marks)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Everything on the page that is chosen rather than typed."""
        return self._controls.choices

    @property
    def refresh(self) -> str | None:
        """Where the page moves by itself."""
        return self._document.refresh

    def has(self, words: str) -> bool:
        """Whether the page shows these words."""
        return fold(words) in self._document.folded

    def offers(self, label: Label) -> bool:
        """Whether something with this label can be pressed."""
        wanted = set(spellings(label))
        return any(
            wanted & _folded(names) and button.kind is not Kind.SCRIPT and not button.disabled
            for button, names in self._controls.buttons
        )

    def asks(self, label: Label) -> bool:
        """Whether something with this label can be filled in."""
        return bool(self._fields(label))

    def fields(self, label: Label) -> tuple[Control, ...]:
        """The fields with this label, several where they share it (year, month, day)."""
        return tuple(self._fields(label))

    @property
    def blanks(self) -> tuple[str, ...]:
        """Names of the fields that wait for a person to type something."""
        texts = (pair for pair in self._controls.fields if pair[0].kind is Kind.TEXT)
        return tuple("/".join(names) for control, names in texts if _fillable(control))

    def fill(self, label: Label, *values: str | Secret) -> None:
        """Type into the field with this label, or into the row of fields that share it.

        A list takes the option of that text or number. Raises ForbiddenFieldError for a field
        that only moving money needs.
        """
        self._refuse_what_moves_money(spellings(label))
        found = self._fields(label)
        if not found:
            raise LabelMissingError(self.heading, _shown(label), self._field_names())
        if len(found) != len(values):
            raise LabelAmbiguousError(self.heading, _shown(label), self._field_names())
        for control, value in zip(found, values, strict=True):
            if control.kind is Kind.SELECT:
                self._entries.select(control, [self._place(control, value)])
            else:
                self._entries.write(control, value)

    def choice(self, label: Label, *options: str) -> Choice:
        """The one choice with this label; with options, the one that has all of them."""
        for wanted in spellings(label):
            named = [each for each in self.choices if wanted in _folded(each.names)]
            fitting = [e for e in named if set(map(fold, options)) <= _folded(e.options)]
            if len(fitting) == 1:
                return fitting[0]
            if len(fitting) > 1:
                shown = (" ".join(each.options) for each in fitting)
                raise LabelAmbiguousError(self.heading, _shown(label), shown)
            if named:
                there = (option for each in named for option in each.options)
                raise LabelMissingError(self.heading, " ".join(options), there)
        raise LabelMissingError(
            self.heading, _shown(label), (n for c in self.choices for n in c.names)
        )

    def choose(self, label: Label | Choice, *options: str) -> None:
        """Choose exactly these options: a radio button, one of a list, or a set of boxes."""
        choice = label if isinstance(label, Choice) else self.choice(label, *options)
        self._refuse_what_moves_money(map(fold, choice.names))
        wanted = set(map(fold, options))
        folded = [fold(option) for option in choice.options]
        chosen = [place for place, option in enumerate(folded) if option in wanted]
        if len(chosen) != len(wanted):
            raise LabelAmbiguousError(self.heading, " ".join(options), choice.options)
        if choice.controls[0].kind is Kind.SELECT:
            self._entries.select(choice.controls[0], chosen)
            return
        for place, control in enumerate(choice.controls):
            self._entries.tick(control, place in chosen)

    def table(self, name: str) -> Table:
        """The table with that caption, column, or title above."""
        found = named_tables(self._document, name)
        if not found:
            raise LabelMissingError(self.heading, name, all_tables(self._document))
        if len(found) > 1:
            titles = (" ".join(grid.table().headings) for grid in found)
            raise LabelAmbiguousError(self.heading, name, titles)
        return found[0].table()

    async def press(self, label: Label, near: str = "") -> "Page":
        """Press what carries the label and wait for the page that comes.

        near: words that stand by the one that is meant, where several carry the label.
        Raises ForbiddenError before anything is sent when this family does not do that.
        """
        words, button = self._button(label, near)
        self._refuse_to_send_an_order(button)
        return await self._driver.follow(self, words, self._target(button))

    async def download(self, label: Label, near: str = "") -> Download:
        """Press what carries the label and take the file that comes; this page stays open."""
        words, button = self._button(label, near)
        self._refuse_to_send_an_order(button)
        return await self._driver.save(self, words, self._target(button))

    def _target(self, button: Control) -> Submission:
        return submission(self._document, self._controls.all, self._entries, button)

    def _button(self, label: Label, near: str) -> tuple[str, Control]:
        """The button that is meant, and the words on it."""
        for wanted in spellings(label):
            found = [b for b, names in self._controls.buttons if wanted in _folded(names)]
            usable = self._usable(found, label)
            different = list({self._effect(button): button for button in usable}.values())
            if near and len(different) > 1:
                different = _nearest(different, fold(near))
            if len(different) > 1:
                raise LabelAmbiguousError(self.heading, _shown(label), map(_where, different))
            if different:
                return wanted, different[0]
        names = (name for _, each in self._controls.buttons for name in each)
        raise LabelMissingError(self.heading, _shown(label), names)

    def _usable(self, found: Sequence[Control], label: Label) -> list[Control]:
        usable = [b for b in found if not b.disabled and b.kind is not Kind.SCRIPT]
        if found and not usable:
            reason = "disabled" if any(b.disabled for b in found) else "needs scripts"
            raise NotUsableError(self.heading, _shown(label), reason)
        return usable

    def _effect(self, button: Control) -> tuple[object, ...]:
        """What pressing does: the same button above and below a list is one."""
        if button.kind is Kind.LINK:
            return (self._target(button).url,)
        form = button.form.mem_id if button.form is not None else 0
        return (form, button.kind, button.name, button.value, button.said("formaction"))

    def _fields(self, label: Label) -> list[Control]:
        for wanted in spellings(label):
            pairs = self._controls.fields
            found = [pair for pair in pairs if wanted in _folded(pair[1]) and _fillable(pair[0])]
            if found:
                for _, names in found:
                    self._refuse_what_moves_money(map(fold, names))
                return [control for control, _ in found]
        return []

    def _place(self, control: Control, value: str | Secret) -> int:
        text = fold(value.reveal() if isinstance(value, Secret) else value)
        options = [fold(option.text()) for option in control.node.css("option")]
        for place, option in enumerate(options):
            if option == text or _number(option) == _number(text) is not None:
                return place
        raise LabelMissingError(self.heading, control.name, options)

    def _field_names(self) -> Iterable[str]:
        return (name for _, names in self._controls.fields for name in names)

    def _refuse_to_send_an_order(self, button: Control) -> None:
        """A form that asks for what moves money is an order, filled in or not, hidden or not."""
        if button.form is None:
            return
        for control, names in self._controls.fields:
            if control.belongs_to(button.form):
                self._refuse_what_moves_money(map(fold, names))
        for control in self._controls.all:
            if control.belongs_to(button.form):
                self._refuse_what_moves_money([fold(control.name)])

    def _refuse_what_moves_money(self, names: Iterable[str]) -> None:
        for name in names:
            if _MOVES_MONEY.search(name):
                raise ForbiddenFieldError(self.heading, name)


def _fillable(control: Control) -> bool:
    return not control.disabled and "readonly" not in control.attributes


def _folded(names: Iterable[str]) -> set[str]:
    return set(map(fold, names))


def _shown(label: Label) -> str:
    return label if isinstance(label, str) else " / ".join(label)


def _number(text: str) -> int | None:
    digits = text.rstrip("年月日")
    return int(digits) if digits.isascii() and digits.isdigit() else None


def _where(button: Control) -> str:
    return button.name or button.value or button.kind


def _nearest(buttons: Sequence[Control], words: str) -> list[Control]:
    """Those buttons whose closest surroundings show the words."""
    distances = [_distance(button, words) for button in buttons]
    closest = min(distances)
    return [b for b, distance in zip(buttons, distances, strict=True) if distance == closest]


def _distance(button: Control, words: str) -> int:
    node, steps = button.node.parent, 0
    while node is not None and words not in fold(node.text()):
        node, steps = node.parent, steps + 1
    return steps
