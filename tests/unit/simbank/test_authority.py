from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import DNSName
from cryptography.x509.verification import PolicyBuilder, Store

from hikae.simbank import SimBank
from hikae.simbank.authority import Authority, KeyKind, login_id_of, make_key

SINCE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def authority() -> Authority:
    return Authority.make("Test Client CA", "Test Bank")


def test_a_client_certificate_carries_login_id_and_bank_and_verifies(authority: Authority) -> None:
    issued = authority.issue_client("ok_9901", "北町銀行", SINCE, UNTIL)
    assert login_id_of(issued.certificate) == "ok_9901"
    assert issued.certificate.subject.rfc4514_string() == "CN=ok_9901,O=北町銀行"
    assert authority.name == "CN=Test Client CA,O=Test Bank,C=JP"
    issued.certificate.verify_directly_issued_by(authority.certificate)


def test_a_server_certificate_is_good_for_its_hosts_by_a_strict_verifier() -> None:
    authority = Authority.make("Test Root CA", "Test")
    issued = authority.issue_server(["localhost", "127.0.0.1"])
    verifier = (
        PolicyBuilder()
        .store(Store([authority.certificate]))
        .time(datetime(2050, 1, 1, tzinfo=UTC))
        .build_server_verifier(DNSName("localhost"))
    )
    assert verifier.verify(issued.certificate, []) == [issued.certificate, authority.certificate]


@pytest.mark.parametrize("old_ciphers", [False, True])
def test_pkcs12_files_open_with_their_password_alone(
    authority: Authority, tmp_path: Path, old_ciphers: bool
) -> None:
    issued = authority.issue_client("x", "y", SINCE, UNTIL)
    path = issued.write_p12(tmp_path / "x.p12", "right", old_ciphers=old_ciphers)
    opened = pkcs12.load_pkcs12(path.read_bytes(), b"right")
    assert opened.cert is not None
    assert opened.cert.certificate == issued.certificate
    assert opened.key is not None
    with pytest.raises(ValueError, match="password"):
        pkcs12.load_pkcs12(path.read_bytes(), b"wrong")
    # 1.2.840.113549.1.12.1.3 is 3DES with SHA-1
    assert (b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x03" in path.read_bytes()) is old_ciphers


def test_key_files_are_for_their_owner_alone(bank: SimBank) -> None:
    files = bank.customer("ok").certificate
    assert {path.stat().st_mode & 0o077 for path in (files.p12, files.old_p12, files.pem)} == {0}


def test_revocation_is_by_serial_number(authority: Authority) -> None:
    one, other = (authority.issue_client("x", "y", SINCE, UNTIL) for _ in range(2))
    authority.revoke(one.certificate)
    assert authority.has_revoked(one.certificate)
    assert not authority.has_revoked(other.certificate)


@pytest.mark.parametrize(
    ("kind", "type_"), [("ec", ec.EllipticCurvePrivateKey), ("rsa", rsa.RSAPrivateKey)]
)
def test_keys_come_in_two_kinds(kind: KeyKind, type_: type) -> None:
    assert isinstance(make_key(kind), type_)
