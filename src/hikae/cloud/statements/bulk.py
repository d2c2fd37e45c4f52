"""Writing many rows at once, on both databases to the same effect.

PostgreSQL stages them by COPY in a temporary table, from where one statement takes them over,
because COPY knows neither conflicts nor row-level security; SQLite takes them as they are. Rows
are given as plain values in the order of `columns`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from operator import attrgetter
from uuid import UUID

from django.db import connection, models
from django.db.backends.utils import CursorWrapper

Value = str | int | bool | bytes | date | datetime | UUID | None
Row = Sequence[Value]

_STAGE = "incoming"

_PIECE = 500
"""Rows that SQLite is given together: few enough to stay in the processor's cache."""


def upsert(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Row], key: Sequence[str] = ()
) -> None:
    """Insert rows into a model's table; with `key`, a row that is there takes the new values.

    columns, key: names of columns, `organisation_id` among them. Inside a transaction.
    """
    table = model._meta.db_table  # noqa: SLF001 - public
    names = ", ".join(f'"{name}"' for name in columns)
    insert, settle = f'INSERT INTO "{table}" ({names})', _on_conflict(columns, key)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            shape = f'SELECT {names} FROM "{table}" LIMIT 0'  # noqa: S608 - names of the schema
            cursor.execute(f"CREATE TEMPORARY TABLE {_STAGE} AS {shape}")
            _copy(cursor, names, rows)
            staged = f"SELECT {names} FROM {_STAGE}"  # noqa: S608 - names of the schema
            cursor.execute(f"{insert} {staged}{settle}")
            cursor.execute(f"DROP TABLE {_STAGE}")
            return
        marks, waiting = ", ".join(["%s"] * len(columns)), iter(rows)
        while piece := list(islice(waiting, _PIECE)):
            cursor.executemany(f"{insert} VALUES ({marks}){settle}", list(_for_sqlite(piece)))


def execute(statement: str, values: Row) -> int:
    """Run one statement, written for both databases; returns how many rows it wrote."""
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            (values,) = _for_sqlite([values])
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def _on_conflict(columns: Sequence[str], key: Sequence[str]) -> str:
    if not key:
        return ""
    names = ", ".join(f'"{name}"' for name in key)
    news = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in key)
    return f" ON CONFLICT ({names}) DO UPDATE SET {news}"


def _copy(cursor: CursorWrapper, names: str, rows: Iterable[Row]) -> None:
    # In binary form both sides need less than half of the time; it must be told the types.
    cursor.execute(f"SELECT {names} FROM {_STAGE}")  # noqa: S608 - names of the schema
    types = [column.type_code for column in cursor.description]
    with cursor.copy(f"COPY {_STAGE} ({names}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _for_sqlite(rows: Iterable[Row]) -> Iterator[Row]:
    """Values as Django's own fields write them where SQLite has no type for them."""
    return zip(*map(_column_for_sqlite, zip(*rows, strict=True)), strict=True)


def _column_for_sqlite(column: Row) -> Row:
    # Asking once for the type of a whole column takes a fifth of the time of asking each value.
    write = _SQLITE.get(next((type(value) for value in column if value is not None), str))
    if write is None:
        return column
    return [None if value is None else write(value) for value in column]


@lru_cache(maxsize=1024)
def _moment(value: datetime) -> str:
    # The rows of a statement share a few moments; converting each anew takes longer than the rest.
    return str(connection.ops.adapt_datetimefield_value(value))


_SQLITE: dict[type, Callable[..., str]] = {
    UUID: attrgetter("hex"),
    datetime: _moment,
    date: date.isoformat,
}
