"""The English of the pages, as it stands in the tree."""

from scripts import messages
from scripts.translations import complain


def test_every_text_of_the_pages_has_english_that_django_reads() -> None:
    compiled = messages.CATALOGUE.with_suffix(".mo").read_bytes()
    assert list(complain(messages.renewed(), messages.kept(), compiled)) == []
