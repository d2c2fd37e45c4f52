"""Migration steps that put a table's rules into the database itself."""

from abc import abstractmethod

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from hikae.cloud.people.tenancy import SETTING

Statements = tuple[str, ...]


def _table(state: ProjectState, app: str, model: str) -> str:
    return str(state.apps.get_model(app, model)._meta.db_table)  # noqa: SLF001 - public


class TableRule(Operation):
    """Statements of one model's table that differ by database; models do not change."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model: str) -> None:
        """`model` is a model of the app that migrates."""
        self.model = model

    @abstractmethod
    def made(self, vendor: str, table: str) -> Statements:
        """The statements that bring the rule in."""

    @abstractmethod
    def undone(self, vendor: str, table: str) -> Statements:
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
        table = _table(to_state, app_label, self.model)
        for statement in self.made(schema_editor.connection.vendor, table):
            schema_editor.execute(statement)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,  # noqa: ARG002 - Django's signature
    ) -> None:
        """Take the rule away."""
        table = _table(from_state, app_label, self.model)
        for statement in self.undone(schema_editor.connection.vendor, table):
            schema_editor.execute(statement)


class RowSecurity(TableRule):
    """PostgreSQL itself shows a table's rows to their organisation only."""

    def made(self, vendor: str, table: str) -> Statements:
        """A policy for every role but the owner."""
        if vendor != "postgresql":
            return ()
        own = f"organisation_id = nullif(current_setting('{SETTING}', true), '')::uuid"
        return (
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'CREATE POLICY tenant ON "{table}" USING ({own})',
        )

    def undone(self, vendor: str, table: str) -> Statements:
        """No policy."""
        if vendor != "postgresql":
            return ()
        return (
            f'DROP POLICY tenant ON "{table}"',
            f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
        )


class AppendOnly(TableRule):
    """The database refuses to change or delete a row that was written."""

    def made(self, vendor: str, table: str) -> Statements:
        """A trigger against each."""
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

    def undone(self, vendor: str, table: str) -> Statements:
        """No trigger."""
        if vendor == "postgresql":
            return (f'DROP TRIGGER {table}_keep ON "{table}"', f"DROP FUNCTION {table}_refuse()")
        return tuple(f"DROP TRIGGER {table}_keep_{act}" for act in ("update", "delete"))
