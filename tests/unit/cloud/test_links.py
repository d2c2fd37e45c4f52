"""The threads of the links: what becomes of their connections with the database."""

from collections.abc import AsyncIterator

import psycopg
import pytest
from django.db import Error, connection

from hikae.cloud.agent_api.link import Links
from tests.fixtures_postgres import PostgresDatabase


@pytest.fixture
def database() -> str:
    """SQLite has no connections that somebody else could end."""
    return "postgresql"


@pytest.fixture
async def links(books: str) -> AsyncIterator[Links]:
    """One thread, so that the next call meets the same connection."""
    links = Links(threads=1)
    yield links
    await links.run(leave)
    await links.close()


def leave() -> None:
    """End the connection of the thread that calls."""
    connection.close()


def backend() -> int:
    """The number of the connection at the server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        number: int = cursor.fetchone()[0]
        return number


async def test_a_connection_is_kept_from_call_to_call(links: Links) -> None:
    assert await links.run(backend) == await links.run(backend)


async def test_a_connection_that_the_database_ended_is_replaced_within_the_call(
    links: Links, postgres: PostgresDatabase
) -> None:
    before = await links.run(backend)
    with psycopg.connect(postgres.url, autocommit=True) as server:
        server.execute("SELECT pg_terminate_backend(%s, 60000)", [before])
    assert await links.run(backend) != before


async def test_a_call_that_is_wrong_fails_once_and_ends_its_connection(links: Links) -> None:
    before, tries = await links.run(backend), []

    def wrong() -> None:
        tries.append(1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    with pytest.raises(Error):
        await links.run(wrong)
    assert tries == [1]
    assert await links.run(backend) != before
