"""The certificates of this PC, from every source that its settings name."""

from pathlib import Path

from hikae.agent.engine import CertificateList, EngineError, UnreadableStore
from hikae.agent.safe import Safe
from hikae.certificates.pkcs12 import FolderContents, Pkcs12Folder
from hikae.model.certificate import Certificate, Identity
from hikae.model.problems import Problem, ProblemCode
from hikae.model.secret import Secret


class Wallet:
    """One folder of PKCS#12 files, whose passwords are in the safe."""

    def __init__(self, folder: Path, safe: Safe) -> None:
        """Look into `folder`."""
        self._directory = folder
        self._safe = safe
        self._folder = Pkcs12Folder(folder, self._password)

    def read(self) -> CertificateList:
        """What the sources show now."""
        contents = self._folder.read()
        unreadable = [UnreadableStore(each.path.name, each.problem) for each in contents.unreadable]
        return CertificateList(contents.certificates, tuple(unreadable))

    def identity(self, certificate: Certificate) -> Identity:
        """The way to use a certificate; raises CertificateError."""
        return self._folder.identity(certificate, None)

    def unlock(self, name: str, password: Secret) -> None:
        """Keep a file's password if it opens the file; raises EngineError, SafeError."""
        path = self._directory / Path(name).name
        if not path.is_file():
            raise EngineError(Problem(ProblemCode.CERTIFICATE_MISSING, {"file": name}))
        tried: FolderContents = Pkcs12Folder(self._directory, lambda _: password).read()
        for unreadable in tried.unreadable:
            if unreadable.path == path:
                raise EngineError(unreadable.problem)
        self._safe.put(_secret_name(path), password)

    def _password(self, path: Path) -> Secret | None:
        return self._safe.get(_secret_name(path))


def _secret_name(path: Path) -> str:
    return f"pkcs12:{path.name}"
