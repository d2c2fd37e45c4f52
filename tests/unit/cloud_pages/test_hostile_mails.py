"""A letter carries what it is about as text, in both of its forms, and as one line in a header."""

import pytest

from hikae.cloud.mail import Letter, send
from tests.fixtures_mail import Mailbox, part
from tests.hostile_texts import HOSTILE
from tests.unit.cloud_pages.test_hostile_texts import made_of, spaced, text_of

LINK = "https://cloud.example/connections/"


def letter(text: str) -> Letter:
    """A letter that says a text wherever one can be said."""
    return Letter(text, (text, text), items=(text,), link=(text, LINK), ending=text)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_letter_shows_a_text_and_becomes_nothing_else_by_it(mailbox: Mailbox, kind: str) -> None:
    send(letter("フリコミ"), "hanako@example.jp")
    send(letter(HOSTILE[kind]), "hanako@example.jp")
    harmless, hostile = mailbox.mails
    assert made_of(part(hostile, "html")) <= made_of(part(harmless, "html"))
    assert spaced(HOSTILE[kind]) in text_of(part(hostile, "html"))
    assert spaced(HOSTILE[kind]) in spaced(part(hostile, "plain"))
    assert hostile.keys() == harmless.keys()


def test_no_subject_writes_a_header_of_its_own(mailbox: Mailbox) -> None:
    send(letter("件名\r\nBcc: soto@example.jp\r\n\r\n本文"), "hanako@example.jp")
    assert mailbox.last["Bcc"] is None
    assert mailbox.last["Subject"] == "件名 Bcc: soto@example.jp 本文"
