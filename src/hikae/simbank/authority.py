"""Certificate authorities of the simulated banks: server and client certificates, revocation.

Knows X.509 and PKCS#12, nothing of banks' pages. Validity follows the bank's clock, except that of
the authorities and servers: those are judged by the wall clock of whoever connects, so they are
valid for a century.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Self, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
KeyKind = Literal["ec", "rsa"]

_CENTURY = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC))
YEAR = timedelta(days=365)


def make_key(kind: KeyKind) -> Key:
    """A fresh key: P-256 is quick to make, RSA 2048 is what real banks' certificates hold."""
    if kind == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with its key, and the authority that signed it."""

    certificate: x509.Certificate
    key: Key
    issuer: x509.Certificate

    def write_pem(self, path: Path) -> Path:
        """Write key and certificate as one PEM file without a password."""
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(key + self.certificate.public_bytes(Encoding.PEM))
        path.chmod(0o600)
        return path

    def write_p12(self, path: Path, password: str, *, old_ciphers: bool = False) -> Path:
        """Write a PKCS#12 file; with `old_ciphers` in 3DES and SHA-1, as Windows exported them."""
        protection: KeySerializationEncryption = BestAvailableEncryption(password.encode())
        if old_ciphers:
            protection = (
                PrivateFormat.PKCS12.encryption_builder()
                .kdf_rounds(2000)
                .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
                .hmac_hash(hashes.SHA1())  # noqa: S303 - the old format is the point
                .build(password.encode())
            )
        name = self.certificate.subject.rfc4514_string().encode()
        path.write_bytes(
            pkcs12.serialize_key_and_certificates(
                name, self.key, self.certificate, [self.issuer], protection
            )
        )
        path.chmod(0o600)
        return path


class Authority:
    """A self-signed authority that issues certificates and keeps the list of revoked ones."""

    def __init__(self, certificate: x509.Certificate, key: Key, kind: KeyKind) -> None:
        self.certificate = certificate
        self._kind, self._key = kind, key
        self._revoked: set[int] = set()

    @classmethod
    def kept(cls, path: Path, common_name: str, organisation: str, kind: KeyKind) -> Self:
        """The authority of a file; made and kept there by the first who asks."""
        if not path.exists():
            cls.make(common_name, organisation, kind).keep(path)
        pem = path.read_bytes()
        key = cast("Key", load_pem_private_key(pem, None))
        return cls(x509.load_pem_x509_certificate(pem), key, kind)

    @classmethod
    def make(cls, common_name: str, organisation: str, kind: KeyKind = "ec") -> Self:
        """A new authority."""
        key = make_key(kind)
        name = _name(common_name, organisation, country="JP")
        usage = _usage(authority=True)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(_CENTURY[0])
            .not_valid_after(_CENTURY[1])
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
        )
        return cls(builder.sign(key, hashes.SHA256()), key, kind)

    def keep(self, path: Path) -> None:
        """Write key and certificate into a file of its own."""
        Issued(self.certificate, self._key, self.certificate).write_pem(path)

    @property
    def name(self) -> str:
        """The issuer's name as an RFC 4514 string."""
        return self.certificate.subject.rfc4514_string()

    @property
    def pem(self) -> str:
        """The authority's own certificate."""
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def issue_server(self, hosts: Sequence[str]) -> Issued:
        """A server certificate for host names and addresses."""
        names = x509.SubjectAlternativeName([_general_name(host) for host in hosts])
        subject = _name(hosts[0], "simbank")
        return self._issue(subject, _CENTURY, ExtendedKeyUsageOID.SERVER_AUTH, names)

    def issue_client(self, login_id: str, bank: str, since: datetime, until: datetime) -> Issued:
        """A customer's certificate: CN is the login ID, O the bank's name."""
        return self._issue(
            _name(login_id, bank), (since, until), ExtendedKeyUsageOID.CLIENT_AUTH, None
        )

    def revoke(self, certificate: x509.Certificate) -> None:
        """Put a certificate on the list of revoked ones."""
        self._revoked.add(certificate.serial_number)

    def has_revoked(self, certificate: x509.Certificate) -> bool:
        """Whether the certificate's serial number is on the list."""
        return certificate.serial_number in self._revoked

    def _issue(
        self,
        subject: x509.Name,
        validity: tuple[datetime, datetime],
        purpose: x509.ObjectIdentifier,
        names: x509.SubjectAlternativeName | None,
    ) -> Issued:
        key = make_key(self._kind)
        mine = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(validity[0])
            .not_valid_after(validity[1])
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(authority=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(
                x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
            )
            .add_extension(mine, critical=False)
        )
        if names is not None:
            builder = builder.add_extension(names, critical=False)
        return Issued(builder.sign(self._key, hashes.SHA256()), key, self.certificate)


def login_id_of(certificate: x509.Certificate) -> str:
    """The login ID a client certificate speaks for: its CN, or "" without one."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


def _name(common_name: str, organisation: str, country: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, country)] if country else []
    parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    parts.append(x509.NameAttribute(NameOID.COMMON_NAME, common_name))
    return x509.Name(parts)


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
