"""Notes the texts of rows that were there before their texts were noted."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from hikae.cloud.people.tenancy import SETTING


def note(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """One organisation after the other, as the wall between them asks for."""
    connection = schema_editor.connection
    organisations = apps.get_model("people", "Organisation")
    wordings = apps.get_model("statements", "Wording")
    rows = apps.get_model("statements", "Transaction")
    for organisation_id in list(_all(organisations, connection.alias).values_list("pk", flat=True)):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                text = str(organisation_id)
                cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, text])
        own = _all(rows, connection.alias).filter(organisation=organisation_id).exclude(words="")
        said = own.values_list("account_id", "words", "booked_on").distinct()
        for account_id, some in groupby(said.order_by("account_id"), itemgetter(0)):
            made = (
                wordings(organisation_id=organisation_id, account_id=account_id, **fields)
                for fields in _fields(((words, day) for _, words, day in some))
            )
            _all(wordings, connection.alias).bulk_create(made, batch_size=500)


def _all(model: type[models.Model], alias: str) -> models.QuerySet[models.Model]:
    return models.QuerySet(model, using=alias)


def _fields(said: Iterator[tuple[str, date]]) -> Iterator[dict[str, UUID | str | date | bytes]]:
    days: defaultdict[str, set[int]] = defaultdict(set)
    for words, day in said:
        days[words].add(day.toordinal())
    for words, numbers in days.items():
        first = min(numbers)
        bits = sum(1 << number - first for number in numbers)
        yield {
            "id": UUID(bytes=blake2b(words.encode(), digest_size=16).digest()),
            "words": words,
            "first": date.fromordinal(first),
            "days": bits.to_bytes(-(-bits.bit_length() // 8), "little"),
        }


class Migration(migrations.Migration):
    dependencies = [("statements", "0008_wordings")]

    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
