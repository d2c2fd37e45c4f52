"""PKCS#12 files (.p12, .pfx; RFC 7292) in a folder, with ciphers of any age."""

import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import pkcs12

from hikae.certificates.store import CertificateError, show
from hikae.model.certificate import Certificate, Pkcs12
from hikae.model.problems import Problem, ProblemCode
from hikae.model.secret import Secret

SUFFIXES = frozenset({".p12", ".pfx"})
LARGEST = 1024 * 1024
"""Bytes of a file that is still looked into; real ones have a few thousand."""

Password = Callable[[Path], Secret | None]
"""What is known of a file's password; None where nothing is."""


@dataclass(frozen=True, slots=True)
class UnreadableCertificateFile:
    """A file that may hold a certificate, and why it could not be opened."""

    path: Path
    problem: Problem


@dataclass(frozen=True, slots=True)
class FolderContents:
    """What a folder of PKCS#12 files shows at one moment."""

    certificates: tuple[Certificate, ...]
    unreadable: tuple[UnreadableCertificateFile, ...]


class Pkcs12Folder:
    """The PKCS#12 files of one folder as a CertificateStore; a missing folder is an empty one."""

    def __init__(self, directory: Path, password: Password) -> None:
        """Look into `directory` whenever asked, opening files with what `password` knows."""
        self._directory = directory
        self._password = password
        self._salt = secrets.token_bytes(32)
        self._seen: dict[Path, tuple[bytes, Certificate]] = {}

    def read(self) -> FolderContents:
        """Look into every file; those that cannot be opened are listed with the reason."""
        certificates, unreadable = [], []
        for path in self._files():
            try:
                certificates.append(self._look(path, read_file(path), self._password(path)))
            except CertificateError as error:
                unreadable.append(UnreadableCertificateFile(path, error.problem))
        return FolderContents(tuple(certificates), tuple(unreadable))

    def certificates(self) -> Sequence[Certificate]:
        """All that can be read now, usable or not."""
        return self.read().certificates

    def identity(self, certificate: Certificate, pin: Secret | None) -> Pkcs12:
        """Return file and password in memory; raises CertificateError.

        pin: tried in place of the password that is known of the file.
        """
        problem = Problem(ProblemCode.CERTIFICATE_MISSING, {"user_id": certificate.user_id})
        # Opening takes long, so the file that it was seen in comes first.
        for path in sorted(self._files(), key=lambda path: str(path) != certificate.store):
            password = pin or self._password(path)
            try:
                blob = read_file(path)
                shown = self._look(path, blob, password)
            except CertificateError as error:
                if str(path) == certificate.store:
                    problem = error.problem
                continue
            if shown.thumbprint == certificate.thumbprint:
                if not shown.has_key:
                    raise CertificateError(problem_of(path, ProblemCode.KEY_UNREADABLE, "no_key"))
                return Pkcs12(blob, password or Secret(""))
        raise CertificateError(problem)

    def _files(self) -> Iterator[Path]:
        """Return the folder's PKCS#12 files by name."""
        try:
            entries = sorted(self._directory.iterdir())
        except OSError:
            return iter(())
        return (path for path in entries if path.suffix.lower() in SUFFIXES)

    def _look(self, path: Path, blob: bytes, password: Secret | None) -> Certificate:
        """What a file shows; recalled while bytes and password are the same, neither being kept."""
        word = password.reveal().encode() if password else b""
        mark = hashlib.blake2b(blob + b"\0" + word, key=self._salt).digest()
        seen = self._seen.get(path)
        if seen is None or seen[0] != mark:
            seen = self._seen[path] = (mark, open_file(path, blob, password))
        return seen[1]


def open_file(path: Path, blob: bytes, password: Secret | None) -> Certificate:
    """What a file's bytes show; raises CertificateError."""
    try:
        bundle = pkcs12.load_pkcs12(blob, password.reveal().encode() if password else None)
    except ValueError as error:
        if "password" not in str(error):
            raise CertificateError(
                problem_of(path, ProblemCode.KEY_UNREADABLE, "damaged")
            ) from None
        reason = "password_wrong" if password else "password_unknown"
        raise CertificateError(problem_of(path, ProblemCode.PIN_WRONG, reason)) from None
    # Without a key there is no certificate that belongs to one; the first is shown then.
    member = bundle.cert or next(iter(bundle.additional_certs), None)
    if member is None:
        raise CertificateError(problem_of(path, ProblemCode.KEY_UNREADABLE, "no_certificate"))
    return show(member.certificate, str(path), has_key=bundle.key is not None)


def read_file(path: Path) -> bytes:
    """Return a small file's bytes; raises CertificateError."""
    try:
        with path.open("rb") as file:
            blob = file.read(LARGEST + 1)
    except OSError:
        raise CertificateError(problem_of(path, ProblemCode.KEY_UNREADABLE, "no_access")) from None
    if len(blob) > LARGEST:
        raise CertificateError(problem_of(path, ProblemCode.KEY_UNREADABLE, "too_large"))
    return blob


def problem_of(path: Path, code: ProblemCode, reason: str) -> Problem:
    """Return what is wrong with a file."""
    return Problem(code, {"file": path.name, "reason": reason})
