"""Texts that mean harm, in every form in which rows go to other programs: shown, never obeyed."""

import csv
import io
import json
import re
from contextlib import closing
from datetime import date

import openpyxl
import pytest

from hikae.cloud.people.models import User
from hikae.cloud.statements.exports import exporting
from hikae.cloud.statements.exports.exporting import Asked
from hikae.cloud.statements.exports.keeping import file_of
from hikae.cloud.statements.exports.names import Against, Names, OwnName, remember
from hikae.cloud.statements.exports.targets import FORMATS
from hikae.cloud.statements.models import Account, Export
from hikae.formats.cleaning import clean
from hikae.formats.detect import open_statements
from hikae.model.clock import system_clock
from hikae.model.statement import Transaction as Row
from tests.hostile_texts import HOSTILE
from tests.unit.cloud.conftest import NOW
from tests.unit.cloud.test_delivery import Pc, connection, pc, statement

__all__ = ["connection", "pc"]

ROWS = tuple(
    Row(date(2026, 11, 2), 1_001 + place, description=clean(text), counterparty=clean(text))
    for place, text in enumerate(HOSTILE.values())
)
AMOUNTS = {row.amount for row in ROWS}
_FIGURE = re.compile(r"-?[0-9][0-9,.]*")


@pytest.fixture
def database() -> str:
    """A file is the same from both."""
    return "sqlite"


def written(owner: User, form: str) -> bytes:
    """The file of all rows in a form, as it is looked at before it is made."""
    drafted = exporting.draft(Asked(form, "", only_new=False), owner, system_clock())
    own = {account.id: OwnName("普通預金", "メイン口座") for account in Account.objects.all()}
    if exporting.names_missing(drafted):
        remember(drafted.target, Names(own, Against("売掛金", "未払金", "対象外")))
    exporting.prepare(drafted, system_clock())
    with closing(file_of(Export.objects.get(pk=drafted.id))) as file:
        return file.read()


@pytest.fixture
def files(pc: Pc, owner: User) -> dict[str, bytes]:
    """The file of every form there is."""
    pc.deliver(statement(ROWS))
    return {form: written(owner, form) for form in FORMATS}


def test_no_form_computes_a_text_or_touches_an_amount(files: dict[str, bytes]) -> None:
    for form, content in files.items():
        match FORMATS[form].ending:
            case "xlsx":
                cells = cells_of_a_workbook(content)
                assert not [cell for cell in cells if cell[0] == "f"], form
                assert {value for kind, value in cells if kind == "n"} >= AMOUNTS
            case "ofx":
                assert amounts_read(content, form) == AMOUNTS, form
            case "json":
                (said,) = json.loads(content)
                texts = [(row["amount"], row["description"]) for row in said["transactions"]]
                assert texts == [(row.amount, row.description) for row in ROWS]
            case "txt" | "csv" if "zengin" in form:
                assert amounts_read(content, form) == AMOUNTS, form
            case "txt" | "csv":
                computed_or_changed(form, content)
            case _:
                assert figures(text_of(content)) >= AMOUNTS, form


def computed_or_changed(form: str, content: bytes) -> None:
    """Assert that a table is whole, says each amount, and has no cell that a spreadsheet computes.

    A file for import keeps each text as it is, so it may have such cells.
    """
    rows = list(csv.reader(io.StringIO(text_of(content), newline="")))
    assert len({len(row) for row in rows}) == 1, form
    cells = [cell for row in rows for cell in row]
    assert {int(cell) for cell in cells if cell.isdecimal() and len(cell) < 9} >= AMOUNTS, form
    if form == "csv":
        assert {row.description for row in ROWS} <= set(cells)
        return
    steering = [each for each in cells if each.lstrip(" ").startswith(("=", "+", "-", "@", "\t"))]
    assert [each for each in steering if not _FIGURE.fullmatch(each)] == [], form


def cells_of_a_workbook(content: bytes) -> list[tuple[str, object]]:
    """Kind and value of each cell."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells: list[tuple[str, object]] = [
        (cell.data_type, cell.value) for row in book.worksheets[0] for cell in row
    ]
    book.close()
    return cells


def amounts_read(content: bytes, form: str) -> set[int]:
    """What the reader of banks' files finds in it."""
    (said,) = open_statements(io.BytesIO(content), form, NOW)
    return {row.amount for row in said.transactions}


def text_of(content: bytes) -> str:
    """A file's text, in the encoding that it is written in."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp932")


def figures(text: str) -> set[int]:
    """Every whole figure."""
    return {int(each.replace(",", "")) for each in re.findall(r"[0-9][0-9,]*", text)}
