"""Writing many rows at once, the same way on both databases.

The rows are staged in a temporary table (COPY on PostgreSQL, executemany on SQLite), from where
one statement takes them over. Rows are given as plain values in the order of `columns`, JSON as
text.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from django.db import connection, models

Value = str | int | bool | bytes | date | datetime | UUID | None
Row = Sequence[Value]

_STAGE = "incoming"


def upsert(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Row], key: Sequence[str] = ()
) -> None:
    """Insert rows into a model's table; with `key`, a row that is there takes the new values.

    columns, key: names of columns, `organisation_id` among them. Inside a transaction.
    """
    table = model._meta.db_table  # noqa: SLF001 - public
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        shape = f'SELECT {names} FROM "{table}" LIMIT 0'  # noqa: S608 - names of the schema
        cursor.execute(f"CREATE TEMPORARY TABLE {_STAGE} AS {shape}")
        _stage(columns, rows)
        # On SQLite a WHERE tells the upsert of a SELECT from a join.
        cursor.execute(
            f'INSERT INTO "{table}" ({names}) SELECT {names} FROM {_STAGE} WHERE true'  # noqa: S608 - names of the schema
            + _on_conflict(columns, key)
        )
        cursor.execute(f"DROP TABLE {_STAGE}")


def _on_conflict(columns: Sequence[str], key: Sequence[str]) -> str:
    if not key:
        return ""
    names = ", ".join(f'"{name}"' for name in key)
    news = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in key)
    return f" ON CONFLICT ({names}) DO UPDATE SET {news}"


def _stage(columns: Sequence[str], rows: Iterable[Row]) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.vendor == "postgresql":
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {_STAGE} ({names}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {_STAGE} ({names}) VALUES ({marks})",  # noqa: S608 - names of the schema
            [[_for_sqlite(value) for value in row] for row in rows],
        )


def _for_sqlite(value: Value) -> Value:
    """A value as Django's own fields write it where SQLite has no type for it."""
    if isinstance(value, str | int) or value is None:
        return value
    match value:
        case UUID():
            return value.hex
        case datetime():
            return _moment(value)
        case date():
            return value.isoformat()
    return value


@lru_cache(maxsize=1024)
def _moment(value: datetime) -> str:
    # The rows of a statement share a few moments; converting each anew takes longer than the rest.
    return str(connection.ops.adapt_datetimefield_value(value))
