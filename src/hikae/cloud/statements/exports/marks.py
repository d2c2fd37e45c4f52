"""出力済 and 未出力: which rows a program has been given.

A row is marked once for each export that holds it; taking an export back takes its marks only,
so that a row stays 出力済 where another export of the same program holds it too.
"""

from collections.abc import Collection

from django.db import connection
from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, UUIDField, Value
from django.db.models.lookups import IsNull

from hikae.cloud.people.tenancy import required_tenant
from hikae.cloud.statements.models import Export, ExportedRow, Transaction

_COLUMNS = ("organisation_id", "target", "transaction", "export_id")


def exported(rows: QuerySet[Transaction], target: str) -> QuerySet[Transaction]:
    """Those of `rows` that the program has been given."""
    return rows.filter(_marked(target))


def not_exported(rows: QuerySet[Transaction], target: str) -> QuerySet[Transaction]:
    """Those that it has not."""
    return rows.filter(~Q(_marked(target)))


def used_targets() -> Collection[str]:
    """The programs that were ever given something that was not taken back."""
    kept = Export.objects.exclude(exported_at=None).filter(undone_at=None)
    return set(kept.values_list("target", flat=True).distinct())


def mark(export: Export, rows: QuerySet[Transaction]) -> int:
    """Mark `rows` as held by an export, without reading them; how many there were."""
    chosen = rows.order_by().values_list(
        Value(required_tenant(), UUIDField()),
        Value(export.target, CharField()),
        F("id"),
        Value(export.id, UUIDField()),
    )
    select, values = chosen.query.sql_with_params()
    table = ExportedRow._meta.db_table  # noqa: SLF001 - public
    names = ", ".join(f'"{name}"' for name in _COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute(f'INSERT INTO "{table}" ({names}) {select}', values)
            return int(cursor.rowcount)
        # Which rows have no mark yet must not be asked of a table that grows meanwhile.
        cursor.execute(f"CREATE TEMPORARY TABLE chosen ({names}) AS {select}", values)
        chosen_rows = f"SELECT {names} FROM chosen"  # noqa: S608 - names of the schema
        cursor.execute(f'INSERT INTO "{table}" ({names}) {chosen_rows}')
        count = int(cursor.rowcount)
        cursor.execute("DROP TABLE chosen")
        return count


def unmark(export: Export) -> None:
    """Take away the marks of one export."""
    ExportedRow.objects.filter(target=export.target, export=export).delete()


def holds(export: Export, transaction: str) -> IsNull:
    """The condition that an export holds the row whose id is in the column `transaction`."""
    held = ExportedRow.objects.filter(
        target=export.target, transaction=OuterRef(transaction), export=export
    )
    return _found(held)


def _marked(target: str) -> IsNull:
    return _found(ExportedRow.objects.filter(target=target, transaction=OuterRef("id")))


def _found(marks: QuerySet[ExportedRow]) -> IsNull:
    # Not EXISTS: PostgreSQL would make a join of it, and before it has counted a million new
    # marks it takes them for few and reads all of them for each row.
    return IsNull(Subquery(marks.values("target")[:1]), False)
