"""PKCS#12 files in a folder, made by the library itself in old and new forms."""

from datetime import UTC, datetime
from hashlib import sha1
from pathlib import Path

import pytest
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

from hikae.certificates.pkcs12 import LARGEST, Pkcs12Folder
from hikae.certificates.store import CertificateError
from hikae.model.certificate import Pkcs12
from hikae.model.problems import ProblemCode
from hikae.model.secret import Secret

PASSWORD = "ひみつ123"
MODERN = BestAvailableEncryption(PASSWORD.encode())
OLD = (
    PrivateFormat.PKCS12.encryption_builder()
    .kdf_rounds(2000)
    .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
    .hmac_hash(hashes.SHA1())  # noqa: S303 - what old Windows writes
    .build(PASSWORD.encode())
)
KEY = ec.generate_private_key(ec.SECP256R1())


def issue(user_id: str) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(
            x509.Name(
                [
                    x509.NameAttribute(NameOID.ORGANIZATION_NAME, "みなと銀行"),
                    x509.NameAttribute(NameOID.COMMON_NAME, user_id),
                ]
            )
        )
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "みなとCA")]))
        .public_key(KEY.public_key())
        .serial_number(0xABC)
        .not_valid_before(datetime(2026, 1, 2, 3, tzinfo=UTC))
        .not_valid_after(datetime(2027, 1, 2, 3, tzinfo=UTC))
        .sign(KEY, hashes.SHA256())
    )


def write(
    path: Path,
    lock: KeySerializationEncryption = MODERN,
    user_id: str = "user001",
    key: ec.EllipticCurvePrivateKey | None = KEY,
) -> x509.Certificate:
    certificate = issue(user_id)
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"n", key, certificate, None, lock))
    return certificate


def known(_path: Path) -> Secret:
    return Secret(PASSWORD)


def unknown(_path: Path) -> None:
    return None


@pytest.mark.parametrize("lock", [MODERN, OLD], ids=["modern", "old"])
def test_a_file_shows_its_certificate_and_nothing_of_its_key(
    tmp_path: Path, lock: KeySerializationEncryption
) -> None:
    path = tmp_path / "customer.p12"
    der = write(path, lock).public_bytes(Encoding.DER)
    (shown,) = Pkcs12Folder(tmp_path, known).certificates()
    assert shown.thumbprint == sha1(der, usedforsecurity=False).hexdigest()
    assert (shown.user_id, shown.serial) == ("user001", "abc")
    assert (shown.subject, shown.issuer) == ("CN=user001,O=みなと銀行", "CN=みなとCA")
    assert shown.not_before == datetime(2026, 1, 2, 3, tzinfo=UTC)
    assert shown.not_after == datetime(2027, 1, 2, 3, tzinfo=UTC)
    assert (shown.has_key, shown.store) == (True, str(path))


@pytest.mark.parametrize("lock", [MODERN, OLD], ids=["modern", "old"])
def test_an_identity_is_the_file_and_its_password(
    tmp_path: Path, lock: KeySerializationEncryption
) -> None:
    write(tmp_path / "customer.p12", lock)
    folder = Pkcs12Folder(tmp_path, known)
    identity = folder.identity(folder.certificates()[0], None)
    assert identity == Pkcs12((tmp_path / "customer.p12").read_bytes(), Secret(PASSWORD))
    assert PASSWORD not in repr(identity)


def test_a_file_that_was_replaced_shows_what_it_holds_now(tmp_path: Path) -> None:
    folder = Pkcs12Folder(tmp_path, known)
    for user_id in ("user001", "user002"):
        write(tmp_path / "customer.p12", user_id=user_id)
        (shown,) = folder.certificates()
        assert shown.user_id == user_id


def test_a_file_that_was_open_stays_shut_for_another_password(tmp_path: Path) -> None:
    write(tmp_path / "customer.p12")
    passwords = {"now": Secret(PASSWORD)}
    folder = Pkcs12Folder(tmp_path, lambda _: passwords["now"])
    (certificate,) = folder.certificates()
    passwords["now"] = Secret("x")
    assert folder.certificates() == ()
    with pytest.raises(CertificateError) as error:
        folder.identity(certificate, None)
    assert error.value.problem.code is ProblemCode.PIN_WRONG


def test_files_of_both_endings_are_read_and_others_are_not(tmp_path: Path) -> None:
    write(tmp_path / "a.p12", user_id="a")
    write(tmp_path / "b.PFX", user_id="b")
    (tmp_path / "c.txt").write_text("no certificate")
    contents = Pkcs12Folder(tmp_path, known).read()
    assert [each.user_id for each in contents.certificates] == ["a", "b"]
    assert contents.unreadable == ()


def test_a_missing_folder_is_empty(tmp_path: Path) -> None:
    assert Pkcs12Folder(tmp_path / "none", known).certificates() == ()


def test_a_file_without_a_password_needs_none(tmp_path: Path) -> None:
    write(tmp_path / "open.p12", NoEncryption())
    assert [each.user_id for each in Pkcs12Folder(tmp_path, unknown).certificates()] == ["user001"]


def test_files_that_cannot_be_opened_are_listed_with_the_reason(tmp_path: Path) -> None:
    write(tmp_path / "1-locked.p12")
    (tmp_path / "2-rubbish.p12").write_bytes(b"rubbish")
    (tmp_path / "3-huge.p12").write_bytes(b"0" * (LARGEST + 1))
    (tmp_path / "4-folder.p12").mkdir()
    contents = Pkcs12Folder(tmp_path, unknown).read()
    found = [
        (each.path.name, each.problem.code, each.problem.details["reason"])
        for each in contents.unreadable
    ]
    assert contents.certificates == ()
    assert found == [
        ("1-locked.p12", ProblemCode.PIN_WRONG, "password_unknown"),
        ("2-rubbish.p12", ProblemCode.KEY_UNREADABLE, "damaged"),
        ("3-huge.p12", ProblemCode.KEY_UNREADABLE, "too_large"),
        ("4-folder.p12", ProblemCode.KEY_UNREADABLE, "no_access"),
    ]


def test_a_wrong_password_is_told_from_an_unknown_one(tmp_path: Path) -> None:
    write(tmp_path / "customer.p12")
    (unreadable,) = Pkcs12Folder(tmp_path, lambda _path: Secret("wrong")).read().unreadable
    assert unreadable.problem.code is ProblemCode.PIN_WRONG
    assert unreadable.problem.details["reason"] == "password_wrong"


def test_a_pin_that_is_given_opens_what_no_password_is_known_of(tmp_path: Path) -> None:
    write(tmp_path / "customer.p12")
    (certificate,) = Pkcs12Folder(tmp_path, known).certificates()
    identity = Pkcs12Folder(tmp_path, unknown).identity(certificate, Secret(PASSWORD))
    assert identity.password == Secret(PASSWORD)


def test_a_wrong_pin_is_said_to_be_wrong(tmp_path: Path) -> None:
    write(tmp_path / "customer.p12")
    folder = Pkcs12Folder(tmp_path, known)
    (certificate,) = folder.certificates()
    with pytest.raises(CertificateError) as caught:
        folder.identity(certificate, Secret("wrong"))
    assert caught.value.problem.code is ProblemCode.PIN_WRONG


def test_a_certificate_that_is_gone_is_missing(tmp_path: Path) -> None:
    write(tmp_path / "customer.p12")
    folder = Pkcs12Folder(tmp_path, known)
    (certificate,) = folder.certificates()
    (tmp_path / "customer.p12").unlink()
    with pytest.raises(CertificateError) as caught:
        folder.identity(certificate, None)
    assert caught.value.problem.code is ProblemCode.CERTIFICATE_MISSING


def test_control_characters_of_a_subject_are_dropped(tmp_path: Path) -> None:
    write(tmp_path / "odd.p12", user_id="user\u202e001\u0007")
    (certificate,) = Pkcs12Folder(tmp_path, known).certificates()
    assert certificate.user_id == "user001"


def test_a_file_without_a_key_is_shown_but_not_usable(tmp_path: Path) -> None:
    write(tmp_path / "half.p12", key=None)
    folder = Pkcs12Folder(tmp_path, known)
    (certificate,) = folder.certificates()
    assert (certificate.user_id, certificate.has_key) == ("user001", False)
    with pytest.raises(CertificateError) as caught:
        folder.identity(certificate, None)
    assert caught.value.problem.code is ProblemCode.KEY_UNREADABLE
