"""What every place of certificates promises, and what a certificate shows of itself."""

from collections.abc import Sequence
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.x509.oid import NameOID

from hikae.model.certificate import Certificate, Identity
from hikae.model.problems import ProblemError
from hikae.model.secret import Secret


class CertificateError(ProblemError):
    """A certificate or its key cannot be used: certificate_missing, pin_wrong, key_unreadable."""


class CertificateStore(Protocol):
    """A place of client certificates on this PC."""

    def certificates(self) -> Sequence[Certificate]:
        """All that can be read now, usable or not."""

    def identity(self, certificate: Certificate, pin: Secret | None) -> Identity:
        """Return the way to use one; raises CertificateError.

        pin: what unlocks the key, where the store does not know it.
        """


def show(certificate: x509.Certificate, store: str, *, has_key: bool) -> Certificate:
    """Return what people see of an X.509 certificate (RFC 5280) that lies in `store`."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Certificate(
        # Windows names certificates so; nothing is trusted because of it.
        thumbprint=certificate.fingerprint(SHA1()).hex(),  # noqa: S303
        subject=printable(certificate.subject.rfc4514_string()),
        issuer=printable(certificate.issuer.rfc4514_string()),
        user_id=printable(str(names[-1].value)).strip() if names else "",
        serial=f"{certificate.serial_number:x}",
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        has_key=has_key,
        store=store,
    )


def printable(text: str) -> str:
    """Drop control and bidirectional characters: what a certificate says is somebody's text."""
    return "".join(character for character in text if character.isprintable())
