"""A real SMTP server that keeps what it is given, for whoever sends mails in a test."""

import re
from asyncio import Server
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django.fixtures import Settings

_LINK = re.compile(r"https?://\S+")


@dataclass(slots=True)
class Mailbox:
    """Every mail that was taken, oldest first; port: where the server listens."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)

    @property
    def last(self) -> EmailMessage:
        """The newest mail."""
        return self.mails[-1]

    def text(self) -> str:
        """The text of the newest mail."""
        return part(self.last, "plain")

    def link(self) -> str:
        """The path of the address to which the newest mail leads."""
        found = _LINK.search(self.text())
        assert found, self.text()
        return "/" + found[0].split("/", 3)[3]


class _Keeper:
    """What the server does with a mail; it answers the sender only afterwards."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self._mailbox.mails.append(mail)
        return "250 kept"


def part(mail: EmailMessage, kind: str) -> str:
    """A mail as text ("plain") or as "html"."""
    body = mail.get_body((kind,))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


class _AnyPort(Controller):
    """Listens where the system finds room, and says where, before it knocks at its own door."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port: int = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd has types in parts


@pytest.fixture(scope="session")
def smtp_server() -> Iterator[Mailbox]:
    """The mail server of this worker."""
    mailbox = Mailbox()
    controller = _AnyPort(_Keeper(mailbox), hostname="127.0.0.1", port=0)
    controller.start()
    mailbox.port = controller.port
    yield mailbox
    controller.stop()


@pytest.fixture
def mailbox(smtp_server: Mailbox, settings: Settings) -> Mailbox:
    """An empty mailbox into which this process sends."""
    smtp_server.mails.clear()
    settings.HIKAE_MAILS = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.DEFAULT_FROM_EMAIL = "Hikae <hikae@example.jp>"
    return smtp_server
