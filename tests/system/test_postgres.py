"""The PostgreSQL that tests get is a real one."""

import psycopg

from tests.fixtures_postgres import PostgresDatabase


def test_each_worker_has_an_empty_database_of_its_own(
    postgres: PostgresDatabase, worker_id: str
) -> None:
    with psycopg.connect(postgres.url) as connection:
        database = connection.execute("SELECT current_database()").fetchone()
        tables = connection.execute(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
        ).fetchone()
    assert database == (f"hikae_{worker_id}",)
    assert tables == (0,)


def test_text_is_unicode_and_sorted_by_code_point(postgres: PostgresDatabase) -> None:
    with psycopg.connect(postgres.url) as connection:
        rows = connection.execute("SELECT * FROM (VALUES ('控'), ('ｱ'), ('b')) AS t(c) ORDER BY c")
        assert [row[0] for row in rows] == ["b", "控", "ｱ"]
