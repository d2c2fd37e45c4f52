"""Migration steps that put a table's rules into the database itself."""

from abc import abstractmethod

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from hikae.cloud.people.tenancy import SETTING

Statements = tuple[str, ...]
Model = type[models.Model]


class TableRule(Operation):
    """Statements of one model's table that differ by database; models do not change."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model: str) -> None:
        """`model` is a model of the app that migrates."""
        self.model = model

    @abstractmethod
    def made(self, vendor: str, model: Model) -> Statements:
        """The statements that bring the rule in; `model` is as it was at this migration."""

    @abstractmethod
    def undone(self, vendor: str, model: Model) -> Statements:
        """The statements that take it away."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Models do not change."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,  # noqa: ARG002 - Django's signature
        to_state: ProjectState,
    ) -> None:
        """Bring the rule in."""
        model = to_state.apps.get_model(app_label, self.model)
        for statement in self.made(schema_editor.connection.vendor, model):
            schema_editor.execute(statement)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,  # noqa: ARG002 - Django's signature
    ) -> None:
        """Take the rule away."""
        model = from_state.apps.get_model(app_label, self.model)
        for statement in self.undone(schema_editor.connection.vendor, model):
            schema_editor.execute(statement)


class RowSecurity(TableRule):
    """PostgreSQL itself shows a table's rows to their organisation only, even to its owner.

    May be said again of a table that has it, so that the table gets what was added here since.
    """

    def made(self, vendor: str, model: Model) -> Statements:
        """A policy for whatever is read or written, by whatever role."""
        if vendor != "postgresql":
            return ()
        table = _table(model)
        own = f"organisation_id = nullif(current_setting('{SETTING}', true), '')::uuid"
        return (
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
            f'DROP POLICY IF EXISTS tenant ON "{table}"',
            f'CREATE POLICY tenant ON "{table}" USING ({own}) WITH CHECK ({own})',
        )

    def undone(self, vendor: str, model: Model) -> Statements:
        """No policy."""
        if vendor != "postgresql":
            return ()
        table = _table(model)
        return (
            f'DROP POLICY IF EXISTS tenant ON "{table}"',
            f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
        )


class OwnReference(TableRule):
    """PostgreSQL lets a row refer to rows of its own organisation only.

    Foreign keys look over row-level security: one that holds nothing but an id would accept the
    id of another organisation's row, and so tell that the row exists.

    It belongs into a migration after the one that makes the table: Django writes its own
    references when a migration ends, too late for this to replace them.
    """

    def __init__(self, model: str, field: str) -> None:
        """`field` of `model` refers to a model whose rows are behind the wall too."""
        super().__init__(model)
        self.field = field

    def made(self, vendor: str, model: Model) -> Statements:
        """A key that begins with the organisation in place of Django's."""
        if vendor != "postgresql":
            return ()
        table, column, target = self._names(model)
        key = f'FOREIGN KEY (organisation_id, "{column}") REFERENCES "{target}"'
        return (
            f'CREATE UNIQUE INDEX IF NOT EXISTS "{target}_own" ON "{target}" (organisation_id, id)',
            _WITHOUT_REFERENCE.format(table=table, column=column),
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_{column}_own" {key} {_OWN}',
        )

    def undone(self, vendor: str, model: Model) -> Statements:
        """A key of the id alone, as Django makes it."""
        if vendor != "postgresql":
            return ()
        table, column, target = self._names(model)
        key = f'FOREIGN KEY ("{column}") REFERENCES "{target}"'
        return (
            f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_{column}_own"',
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_{column}_fk" {key} {_ANY}',
        )

    def _names(self, model: Model) -> tuple[str, str, str]:
        """Table, column and the table referred to."""
        field = model._meta.get_field(self.field)  # noqa: SLF001 - public
        if not isinstance(field, models.ForeignKey):
            raise TypeError(f"{self.model}.{self.field} refers to nothing")
        return _table(model), field.column, _table(field.remote_field.model)


class AppendOnly(TableRule):
    """The database refuses to change or delete a row that was written."""

    def made(self, vendor: str, model: Model) -> Statements:
        """A trigger against each."""
        table = _table(model)
        if vendor == "postgresql":
            body = f"BEGIN RAISE EXCEPTION '{table} is append-only'; END"
            when = f'BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW'
            return (
                f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $${body}$$",
                f"CREATE TRIGGER {table}_keep {when} EXECUTE FUNCTION {table}_refuse()",
            )
        return tuple(
            f'CREATE TRIGGER {table}_keep_{act.lower()} BEFORE {act} ON "{table}"'
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for act in ("UPDATE", "DELETE")
        )

    def undone(self, vendor: str, model: Model) -> Statements:
        """No trigger."""
        table = _table(model)
        if vendor == "postgresql":
            return (f'DROP TRIGGER {table}_keep ON "{table}"', f"DROP FUNCTION {table}_refuse()")
        return tuple(f"DROP TRIGGER {table}_keep_{act}" for act in ("update", "delete"))


class ErasedWithOrganisation(TableRule):
    """An append-only row may be deleted when its organisation is: never before it, never alone."""

    def made(self, vendor: str, model: Model) -> Statements:
        """The trigger against deleting looks for the organisation."""
        table = _table(model)
        owned = "EXISTS (SELECT 1 FROM people_organisation WHERE id = OLD.organisation_id)"
        if vendor == "postgresql":
            spared = f"IF TG_OP = 'DELETE' AND NOT {owned} THEN RETURN OLD; END IF"
            body = f"BEGIN {spared}; RAISE EXCEPTION '{table} is append-only'; END"
            head = f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql"
            return (f"{head} AS $${body}$$",)
        refusal = f"SELECT RAISE(ABORT, '{table} is append-only')"
        when = f'BEFORE DELETE ON "{table}" WHEN {owned}'
        return (
            f"DROP TRIGGER {table}_keep_delete",
            f"CREATE TRIGGER {table}_keep_delete {when} BEGIN {refusal}; END",
        )

    def undone(self, vendor: str, model: Model) -> Statements:
        """The trigger against every deletion."""
        always = AppendOnly(self.model)
        return (*always.undone(vendor, model), *always.made(vendor, model))


_OWN = "(organisation_id, id) DEFERRABLE INITIALLY DEFERRED"
_ANY = "(id) DEFERRABLE INITIALLY DEFERRED"
_WITHOUT_REFERENCE = """
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT conname FROM pg_constraint JOIN pg_attribute
        ON attrelid = conrelid AND attnum = ANY (conkey)
        WHERE contype = 'f' AND conrelid = '"{table}"'::regclass AND attname = '{column}'
    LOOP EXECUTE 'ALTER TABLE "{table}" DROP CONSTRAINT ' || quote_ident(name); END LOOP;
END $$
"""


class Uncompressed(TableRule):
    """PostgreSQL keeps a column's values as they come, which costs less where they soon go."""

    def __init__(self, model: str, column: str) -> None:
        """`column` of `model`."""
        super().__init__(model)
        self.column = column

    def made(self, vendor: str, model: Model) -> Statements:
        """Out of line and as they are."""
        return self._kept(vendor, model, "EXTERNAL")

    def undone(self, vendor: str, model: Model) -> Statements:
        """Compressed, as by default."""
        return self._kept(vendor, model, "EXTENDED")

    def _kept(self, vendor: str, model: Model, how: str) -> Statements:
        if vendor != "postgresql":
            return ()
        return (f'ALTER TABLE "{_table(model)}" ALTER COLUMN "{self.column}" SET STORAGE {how}',)


def _table(model: Model) -> str:
    return model._meta.db_table  # noqa: SLF001 - public
