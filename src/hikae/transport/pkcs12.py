"""A PKCS#12 file unpacked in memory, whatever cipher locks it (RFC 7292)."""

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from hikae.model.certificate import PemKey, Pkcs12
from hikae.model.problems import Problem, ProblemCode
from hikae.model.secret import Secret
from hikae.transport.errors import KeyUnusableError


def pem_of(identity: Pkcs12) -> PemKey:
    """Return certificate, chain and key as PEM; raises KeyUnusableError.

    A wrong password is pin_wrong; a file that is none, or without a key, is key_unreadable.
    """
    try:
        bundle = pkcs12.load_pkcs12(identity.blob, identity.password.reveal().encode())
    except ValueError as error:
        # The library has one type for both; only a file that it could open at all has a password.
        locked = "password" in str(error)
        code = ProblemCode.PIN_WRONG if locked else ProblemCode.KEY_UNREADABLE
        raise KeyUnusableError(Problem(code, {"reason": "pkcs12"})) from None
    if bundle.key is None or bundle.cert is None:
        raise KeyUnusableError(Problem(ProblemCode.KEY_UNREADABLE, {"reason": "no_key"}))
    chain = [bundle.cert, *bundle.additional_certs]
    return PemKey(
        b"".join(member.certificate.public_bytes(Encoding.PEM) for member in chain),
        Secret(
            bundle.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        ),
    )
