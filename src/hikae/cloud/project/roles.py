"""Two roles of PostgreSQL: one owns and migrates the tables, the cloud works as the other.

Row-level security does not bind the owner of a table, so the cloud must not be it.
"""

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

_GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "REVOKE UPDATE, DELETE ON people_auditentry FROM {role}",
)


class RoleError(RuntimeError):
    """The role that the cloud works as could look over the wall between organisations."""


def migrate() -> None:
    """Bring the tables up to date, as their owner where there are two roles."""
    if "owner" not in settings.DATABASES:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        return
    call_command("migrate", database="owner", verbosity=0, interactive=False)
    call_command("createcachetable", database="owner", verbosity=0)
    role = sql.Identifier(settings.DATABASES["default"]["USER"])
    with connections["owner"].cursor() as cursor:
        for grant in _GRANTS:
            cursor.execute(sql.SQL(grant).format(role=role).as_string())


def require_wall() -> None:
    """Raise RoleError where row-level security would not bind the cloud's own role."""
    connection = connections["default"]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolbypassrls OR EXISTS (SELECT 1 FROM pg_tables"
            " WHERE tablename = 'people_auditentry' AND pg_has_role(tableowner, 'USAGE'))"
            " FROM pg_roles WHERE rolname = current_user"
        )
        (unbound,) = cursor.fetchone()
    if unbound:
        raise RoleError(
            "HIKAE_DATABASE_URL must name a role that does not own the tables;"
            " HIKAE_DATABASE_OWNER_URL names the one that does"
        )
