"""Writing many rows at once, on both databases to the same effect.

PostgreSQL stages them by COPY in a temporary table, from where one statement takes them over,
because COPY knows neither conflicts nor row-level security; SQLite takes them as they are. Rows
are given in columns, because what a column holds is turned into what its database reads in a
fraction of the time that each value by itself would take.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import islice, repeat
from operator import attrgetter
from typing import TypeAlias
from uuid import UUID

import psycopg
from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from psycopg.types.string import BytesBinaryDumper

Value = str | int | bool | bytes | date | datetime | UUID | None
Row = Sequence[Value]
Column: TypeAlias = "Sequence[Value] | repeat[Value]"
"""One value for each row, or `repeat(value)` where all rows have the same."""

_STAGE = "incoming"

_PIECE = 500
"""Rows that SQLite is given together: few enough to stay in the processor's cache."""


def upsert(
    model: type[models.Model], columns: Mapping[str, Column], key: Sequence[str] = ()
) -> None:
    """Insert rows into a model's table; with `key`, a row that is there takes the new values.

    columns: values by the names of their columns, at least one of them not repeated; key: names
    of columns, `organisation_id` among them. Inside a transaction.
    """
    table = model._meta.db_table  # noqa: SLF001 - public
    names = ", ".join(f'"{name}"' for name in columns)
    insert, settle = f'INSERT INTO "{table}" ({names})', _on_conflict(columns, key)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            shape = f'SELECT {names} FROM "{table}" LIMIT 0'  # noqa: S608 - names of the schema
            cursor.execute(f"CREATE TEMPORARY TABLE {_STAGE} AS {shape}")
            _copy(cursor, names, columns.values())
            staged = f"SELECT {names} FROM {_STAGE}"  # noqa: S608 - names of the schema
            cursor.execute(f"{insert} {staged}{settle}")
            cursor.execute(f"DROP TABLE {_STAGE}")
            return
        marks, rows = ", ".join(["%s"] * len(columns)), _rows(columns.values(), _SQLITE)
        while piece := list(islice(rows, _PIECE)):
            cursor.executemany(f"{insert} VALUES ({marks}){settle}", piece)


def execute(statement: str, values: Row) -> int:
    """Run one statement, written for both databases; returns how many rows it wrote."""
    if isinstance(connection.connection, psycopg.Connection):
        # Beside the statement, so that bytes go as they are instead of as twice as much text.
        with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
            return cursor.execute(statement.encode(), values).rowcount
    with connection.cursor() as cursor:
        cursor.execute(statement, [_written(value, _SQLITE) for value in values])
        return int(cursor.rowcount)


@contextmanager
def ahead_of_the_disk() -> Iterator[None]:
    """On SQLite, do not wait for the disk with what is written inside, unless in a transaction.

    A program that is killed loses nothing of it; a power cut may take back what was written
    since the last write that waited, never a part of that. PostgreSQL's disk is not a PC's.
    """
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite" or connection.in_atomic_block:
            yield
            return
        cursor.execute("PRAGMA synchronous = NORMAL")
        try:
            yield
        finally:
            cursor.execute("PRAGMA synchronous = FULL")


def numbered(query: str, values: Row) -> Iterator[tuple[int, bytes]]:
    """Numbers and the bytes that one query, written for both databases, finds for them."""
    if isinstance(connection.connection, psycopg.Connection):
        with psycopg.Cursor(connection.connection) as cursor:
            yield from cursor.execute(query.encode(), values, binary=True)
        return
    with connection.cursor() as cursor:
        cursor.execute(query, [_written(value, _SQLITE) for value in values])
        yield from cursor.fetchall()


def _on_conflict(columns: Iterable[str], key: Sequence[str]) -> str:
    if not key:
        return ""
    names = ", ".join(f'"{name}"' for name in key)
    news = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in key)
    return f" ON CONFLICT ({names}) DO UPDATE SET {news}"


def _copy(cursor: CursorWrapper, names: str, columns: Iterable[Column]) -> None:
    # In binary form both sides need less than half of the time; it must be told the types.
    cursor.execute(f"SELECT {names} FROM {_STAGE}")  # noqa: S608 - names of the schema
    # Of those that write bytes, the standard's wrapper would be taken, which is written in Python.
    cursor.adapters.register_dumper(bytes, BytesBinaryDumper)
    types = [_SAME_BYTES.get(column.type_code, column.type_code) for column in cursor.description]
    with cursor.copy(f"COPY {_STAGE} ({names}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(types)
        for row in _rows(columns, _POSTGRESQL):
            copy.write_row(row)


Writers = Mapping[type, Callable[..., Value]]
"""How a database reads values of types that its driver takes long to write, or does not know."""


def _rows(columns: Iterable[Column], writers: Writers) -> Iterable[Row]:
    return zip(*(_column(column, writers) for column in columns), strict=False)


def _column(column: Column, writers: Writers) -> Iterable[Value]:
    if isinstance(column, repeat):
        return repeat(_written(next(column), writers))
    # Asking once for the type of a whole column takes a fifth of the time of asking each value.
    write = writers.get(next((type(value) for value in column if value is not None), str))
    if write is None:
        return column
    return [None if value is None else write(value) for value in column]


def _written(value: Value, writers: Writers) -> Value:
    write = writers.get(type(value))
    return value if write is None else write(value)


# The rows of a statement share a few moments and days, so these are written once.


@lru_cache(maxsize=1024)
def _sqlite_moment(value: datetime) -> str:
    return str(connection.ops.adapt_datetimefield_value(value))


_SQLITE: Writers = {
    UUID: attrgetter("hex"),
    datetime: _sqlite_moment,
    date: lru_cache(maxsize=4096)(date.isoformat),
}
"""As Django's own fields write them."""

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=1024)
def _microseconds(value: datetime) -> int:
    return (value - _EPOCH) // timedelta(microseconds=1)


_POSTGRESQL: Writers = {
    UUID: attrgetter("bytes"),
    datetime: _microseconds,
    date: lru_cache(maxsize=4096)(lambda value: value.toordinal() - _EPOCH.toordinal()),
}
"""As its binary format has them: 16 bytes, microseconds and days since 2000."""

_OIDS = psycopg.adapters.types
_SAME_BYTES = {
    _OIDS["uuid"].oid: _OIDS["bytea"].oid,
    _OIDS["timestamptz"].oid: _OIDS["int8"].oid,
    _OIDS["date"].oid: _OIDS["int4"].oid,
}
"""Types whose values look the same on the wire, and are written without calling Python."""
