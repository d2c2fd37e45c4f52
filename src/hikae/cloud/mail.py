"""The one way in which mails leave the cloud: a letter, written as text and as HTML.

It knows the server from the settings and nothing of what a letter is about. Who writes one does so
in the language of whom it is for: `with in_language_of(person): send(Letter(…), person.email)`.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import translation


class MailOffError(RuntimeError):
    """This cloud was given no mail server."""


@dataclass(frozen=True, slots=True)
class Letter:
    """subject: one line. paragraphs, items: plain text. link: its words and its whole address.

    ending: what stands below in small print, as why one gets this.
    """

    subject: str
    paragraphs: tuple[str, ...]
    items: tuple[str, ...] = ()
    link: tuple[str, str] | None = None
    ending: str = ""


def can_send() -> bool:
    """Whether this cloud has a mail server."""
    return bool(settings.HIKAE_MAILS)


def in_language_of(person: object) -> AbstractContextManager[None]:
    """The language in which a person reads; that of the request for who is no person yet."""
    return translation.override(getattr(person, "language", None) or translation.get_language())


def send(
    letter: Letter,
    to: str,
    *,
    headers: Mapping[str, str] | None = None,
    connection: BaseEmailBackend | None = None,
) -> None:
    """Hand a letter to the mail server.

    to: one address. connection: one that is open already, for many letters. Raises MailOffError,
    and OSError (smtplib's errors are such) where the server does not take it.
    """
    if not can_send():
        raise MailOffError
    message = EmailMultiAlternatives(
        " ".join(letter.subject.split()),
        render_to_string("mail/letter.txt", {"letter": letter}),
        to=[to],
        headers={"Auto-Submitted": "auto-generated", **(headers or {})},
        connection=connection,
    )
    shown = {"letter": letter, "language": translation.get_language()}
    message.attach_alternative(render_to_string("mail/letter.html", shown), "text/html")
    message.send()
