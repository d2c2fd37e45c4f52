from dataclasses import dataclass

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


@dataclass(frozen=True)
class Watched:
    """A table whose rows wait while they are in one of these states (in any, without)."""

    table: str
    kind: str
    since: str
    states: tuple[str, ...] = ()
    device: str = "NULL"

    def waits(self, row: str) -> str:
        listed = ", ".join(f"'{state}'" for state in self.states)
        return f"{row}state IN ({listed})" if self.states else "TRUE"

    def values(self, row: str) -> str:
        state = f"{row}state" if self.states else "''"
        device = self.device if self.device == "NULL" else f"{row}{self.device}"
        return f"{row}id, '{self.kind}', {state}, {row}{self.since}, {device}"


WATCHED = (
    Watched("devices_command", "command", "created_at", device="device_id"),
    Watched("connections_fetch", "fetch", "queued_at", ("queued", "running", "waiting")),
    Watched("connections_challenge", "challenge", "asked_at", ("waiting", "wrong")),
)

INTO = "INSERT INTO watching_waiting (id, kind, state, since, device)"


def keep_the_list(_: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for watched in WATCHED:
        made = _postgresql if schema_editor.connection.vendor == "postgresql" else _sqlite
        for statement in made(watched):
            schema_editor.execute(statement)


def _postgresql(watched: Watched) -> tuple[str, ...]:
    table = watched.table
    gone = "DELETE FROM watching_waiting WHERE id = OLD.id"
    come = f"{INTO} SELECT {watched.values('NEW.')} WHERE {watched.waits('NEW.')}"
    keep = (
        f"BEGIN IF TG_OP <> 'INSERT' THEN {gone}; END IF;"
        f" IF TG_OP <> 'DELETE' THEN {come}; END IF; RETURN NULL; END"
    )
    # Those that wait already are behind the wall, which its owner stands before too.
    those = f"SELECT {watched.values('')} FROM {table} WHERE {watched.waits('')}"  # noqa: S608 - names of the schema
    each = (
        "FOR own IN SELECT id FROM people_organisation LOOP"  # noqa: S608 - names of the schema
        " PERFORM set_config('hikae.organisation', own::text, true);"
        f" {INTO} {those};"
        " END LOOP; PERFORM set_config('hikae.organisation', '', true)"
    )
    run = f"EXECUTE FUNCTION {table}_watch()"
    changed = (
        f"CREATE TRIGGER {table}_watch_change AFTER UPDATE ON {table} FOR EACH ROW"
        f" WHEN (OLD.state <> NEW.state) {run}"
    )
    return (
        f"CREATE FUNCTION {table}_watch() RETURNS trigger LANGUAGE plpgsql AS $${keep}$$",
        f"CREATE TRIGGER {table}_watch AFTER INSERT OR DELETE ON {table} FOR EACH ROW {run}",
        *((changed,) if watched.states else ()),
        f"DO $$ DECLARE own uuid; BEGIN {each}; END $$",
    )


def _sqlite(watched: Watched) -> tuple[str, ...]:
    table = watched.table
    gone = "DELETE FROM watching_waiting WHERE id = OLD.id"
    come = f"{INTO} SELECT {watched.values('NEW.')} WHERE {watched.waits('NEW.')}"
    changed = (
        f"CREATE TRIGGER {table}_watch_change AFTER UPDATE ON {table}"
        f" WHEN OLD.state <> NEW.state BEGIN {gone}; {come}; END"
    )
    return (
        f"CREATE TRIGGER {table}_watch_new AFTER INSERT ON {table} BEGIN {come}; END",
        f"CREATE TRIGGER {table}_watch_gone AFTER DELETE ON {table} BEGIN {gone}; END",
        *((changed,) if watched.states else ()),
        f"{INTO} SELECT {watched.values('')} FROM {table} WHERE {watched.waits('')}",  # noqa: S608 - names of the schema
    )


def leave_the_list(_: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for watched in WATCHED:
        table = watched.table
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION {table}_watch() CASCADE")
            continue
        for name in ("new", "gone", "change"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_watch_{name}")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("connections", "0003_wall_for_the_owner_too"),
        ("devices", "0004_wall_for_the_owner_too"),
    ]

    operations = [
        migrations.CreateModel(
            name="Waiting",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("command", "Command"),
                            ("fetch", "Fetch"),
                            ("challenge", "Challenge"),
                        ],
                        max_length=10,
                    ),
                ),
                ("state", models.CharField(max_length=12)),
                ("since", models.DateTimeField()),
                ("device", models.UUIDField(null=True)),
            ],
        ),
        migrations.RunPython(keep_the_list, leave_the_list),
    ]
