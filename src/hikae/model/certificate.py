"""What a store shows of a client certificate, and the ways to use one.

A `Certificate` never holds a key. An `Identity` is the way to one, and its secrets never show
in a repr.
"""

from dataclasses import dataclass, field
from datetime import datetime

from hikae.model.secret import Secret


@dataclass(frozen=True, slots=True)
class Certificate:
    """A client certificate (電子証明書) of this PC.

    thumbprint: SHA-1 of the DER encoding, lower-case hex (the name Windows gives it).
    subject, issuer: RFC 4514 strings. user_id: the subject's common name, which banks use for
    the user ID. serial: lower-case hex. not_before, not_after: aware UTC.
    """

    thumbprint: str
    subject: str
    issuer: str
    user_id: str
    serial: str
    not_before: datetime
    not_after: datetime
    has_key: bool
    store: str


@dataclass(frozen=True, slots=True)
class PemKey:
    """Certificate chain and private key as PEM, in memory."""

    certificate: bytes
    key: Secret


@dataclass(frozen=True, slots=True)
class Pkcs12:
    """A PKCS#12 file in memory with its password."""

    blob: bytes = field(repr=False)
    password: Secret


@dataclass(frozen=True, slots=True)
class StoreKey:
    """A key inside the Windows certificate store, named by its certificate's thumbprint."""

    thumbprint: str
    location: str = r"CurrentUser\MY"


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key on a PKCS#11 token; it never leaves the token.

    uri: RFC 7512 URI of certificate and key.
    """

    uri: str
    module: str
    pin: Secret


Identity = PemKey | Pkcs12 | StoreKey | TokenKey
