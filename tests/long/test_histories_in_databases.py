"""Two thousand generated histories of an account in each database, against the oracle's count."""

import pytest

from tests.histories import prove
from tests.long.conftest import Say

HISTORIES, ALL_HISTORIES = 400, 2_000


def test_what_a_database_keeps_is_what_all_statements_together_say(
    books: str, full: bool, say: Say
) -> None:
    histories = ALL_HISTORIES if full else HISTORIES
    waited = 0
    for seed in range(histories):
        try:
            waited += prove(seed)
        except AssertionError as error:
            pytest.fail(f"seed {seed}: {error}")
    say(f"{books}: {histories} histories, {waited} changes had waited")
