"""A certificate authority of the tests: servers' and customers' certificates, made when asked."""

import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from hikae.model.certificate import PemKey, Pkcs12
from hikae.model.secret import Secret

PASSWORD = "ひみつ123"
NOW = datetime.now(UTC)
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def pem(self) -> PemKey:
        return PemKey(
            self.certificate.public_bytes(Encoding.PEM),
            Secret(
                self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
            ),
        )

    def pkcs12(self, password: str = PASSWORD) -> Pkcs12:
        lock = BestAvailableEncryption(password.encode())
        return Pkcs12(self._locked(lock), Secret(password))

    def old_pkcs12(self, password: str = PASSWORD) -> Pkcs12:
        lock = (
            PrivateFormat.PKCS12.encryption_builder()
            .kdf_rounds(2000)
            .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
            .hmac_hash(hashes.SHA1())  # noqa: S303 - what old Windows writes
            .build(password.encode())
        )
        return Pkcs12(self._locked(lock), Secret(password))

    def _locked(self, lock: KeySerializationEncryption) -> bytes:
        return pkcs12.serialize_key_and_certificates(
            b"customer", self.key, self.certificate, None, lock
        )


@dataclass
class Authority:
    """An authority with a folder for what programs want as files."""

    folder: Path
    name: str
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def __post_init__(self) -> None:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])
        self.certificate = (
            self._builder(subject, subject, self.key.public_key(), NOW - YEAR, NOW + YEAR)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(self.key, hashes.SHA256())
        )
        self.file = self.folder / f"{self.name}.pem"
        self.file.write_bytes(self.certificate.public_bytes(Encoding.PEM))

    def issue(
        self,
        user: str,
        begins: datetime = NOW - timedelta(days=1),
        ends: datetime = NOW + YEAR,
        *,
        server: bool = False,
    ) -> Issued:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, user)])
        builder = self._builder(subject, self.certificate.subject, key.public_key(), begins, ends)
        if server:
            names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return Issued(builder.sign(self.key, hashes.SHA256()), key)

    def server_context(self, issued: Issued) -> ssl.SSLContext:
        pem = issued.pem()
        file = self.folder / f"server-{issued.certificate.serial_number:x}.pem"
        file.write_bytes(pem.certificate + pem.key.reveal().encode())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _builder(
        self,
        subject: x509.Name,
        issuer: x509.Name,
        public_key: ec.EllipticCurvePublicKey,
        begins: datetime,
        ends: datetime,
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
        )
