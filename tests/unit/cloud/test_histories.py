"""Some of the generated histories that the long tests play by the thousand."""

from tests.histories import prove


def test_what_a_database_keeps_is_what_all_statements_together_say(books: str) -> None:
    waited = sum(prove(seed) for seed in range(25))
    assert waited > 0
