"""出力済 and 未出力: which rows a program has been given.

A row is marked once for each export that holds it; taking an export back takes its marks only,
so that a row stays 出力済 where another export of the same program holds it too.
"""

from collections.abc import Collection
from uuid import UUID

from django.db import connection
from django.db.models import CharField, Exists, F, OuterRef, QuerySet, UUIDField, Value

from hikae.cloud.people.tenancy import required_tenant
from hikae.cloud.statements.models import Export, ExportedRow, Transaction

_COLUMNS = ("organisation_id", "target", "transaction", "export_id")


def exported(rows: QuerySet[Transaction], target: str) -> QuerySet[Transaction]:
    """Those of `rows` that the program has been given."""
    return rows.filter(_marked(target))


def not_exported(rows: QuerySet[Transaction], target: str) -> QuerySet[Transaction]:
    """Those that it has not."""
    return rows.filter(~_marked(target))


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
        cursor.execute(f'INSERT INTO "{table}" ({names}) {select}', values)
        return int(cursor.rowcount)


def unmark(export: Export) -> None:
    """Take away the marks of one export."""
    ExportedRow.objects.filter(target=export.target, export=export).delete()


def exports_of(transaction_id: UUID) -> QuerySet[Export]:
    """The exports that hold a row, newest first."""
    held = ExportedRow.objects.filter(transaction=transaction_id).values("export")
    return Export.objects.filter(id__in=held).select_related("made_by").order_by("-exported_at")


def _marked(target: str) -> Exists:
    same_row = ExportedRow.objects.filter(target=target, transaction=OuterRef("id"))
    return Exists(same_row)
