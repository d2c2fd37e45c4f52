"""Reading institutions from TOML files: those shipped with the program and a local directory.

A shipped file describes a real bank. A local one describes a simulated bank (試験用): it may only
point at this computer and can never stand in for a shipped one.
"""

import dataclasses
import ipaddress
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from hikae.catalogue.institution import Hours, Institution, LoginField, Trial

_SPAN = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d-(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)")
_HOST = re.compile(r"[0-9a-z.\-]+:\d{1,5}|\[[0-9a-f:]+\]:\d{1,5}")


class CatalogueError(Exception):
    """A catalogue file that says something it may not.

    file: its name. key: the place in it, such as `login[0].label`; empty for the whole file.
    """

    def __init__(self, file: str, key: str, message: str) -> None:
        """Say where and what."""
        super().__init__(f"{file}: {key}: {message}" if key else f"{file}: {message}")
        self.file = file
        self.key = key


@dataclasses.dataclass(frozen=True, slots=True)
class Catalogue:
    """Institutions in the order of their kana."""

    institutions: tuple[Institution, ...]

    def find(self, code: str) -> Institution | None:
        """The institution with this code."""
        return next((each for each in self.institutions if each.code == code), None)


def load_catalogue(local: Path | None = None) -> Catalogue:
    """The shipped institutions, and those of a local directory when one is given.

    Raises CatalogueError naming file and key.
    """
    shipped = resources.files("hikae.catalogue") / "institutions"
    institutions = [
        _with_kind_checked(file.name, institution, trial=False)
        for file, institution in _read_all(shipped.iterdir())
    ]
    if local is not None:
        institutions += [
            _with_authority(local, file.name, _with_kind_checked(file.name, each, trial=True))
            for file, each in _read_all(local.iterdir())
        ]
    _refuse_twins(institutions)
    return Catalogue(tuple(sorted(institutions, key=lambda each: (each.kana, each.code))))


def read_institution(file: str, text: str) -> Institution:
    """One institution from the text of its TOML file; `file` names it in errors."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogueError(file, "", f"not TOML: {error}") from error
    for key in _unknown_keys(table):
        raise CatalogueError(file, key, "no such key")
    try:
        institution = msgspec.convert(table, Institution)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `$.")
        raise CatalogueError(file, place.rstrip("`"), message) from error
    for key, message in _faults(institution):
        raise CatalogueError(file, key, message)
    return institution


def _read_all(files: Iterable[Traversable]) -> Iterator[tuple[Traversable, Institution]]:
    for file in files:
        if file.name.endswith(".toml"):
            yield file, read_institution(file.name, file.read_text(encoding="utf-8"))


def _unknown_keys(table: Mapping[str, object]) -> Iterator[str]:
    """Keys that msgspec would pass over in silence: a misspelt one must not go unnoticed."""
    yield from _strangers("", table, Institution)
    login = table.get("login")
    for place, entry in enumerate(login if isinstance(login, list) else ()):
        yield from _strangers(f"login[{place}].", entry, LoginField)
    yield from _strangers("hours.", table.get("hours"), Hours)
    yield from _strangers("trial.", table.get("trial"), Trial)


def _strangers(prefix: str, table: object, shape: type) -> Iterator[str]:
    known = {field.name for field in dataclasses.fields(shape)}
    if isinstance(table, dict):
        yield from (f"{prefix}{key}" for key in table if key not in known)


def _faults(institution: Institution) -> Iterator[tuple[str, str]]:
    """What an institution may not say, as key and message."""
    if not re.fullmatch(r"\d{4}", institution.code):
        yield "code", "four digits expected"
    if institution.window_days < 1:
        yield "window_days", "at least one day expected"
    for name in ("weekday", "saturday", "holiday"):
        span = getattr(institution.hours, name)
        if span and not _SPAN.fullmatch(span):
            yield f"hours.{name}", "HH:MM-HH:MM expected, or nothing for a closed day"
    for place, host in enumerate(institution.hosts):
        if not _HOST.fullmatch(host):
            yield f"hosts[{place}]", "host:port in lower case expected"
    if institution.certificate or institution.sign_in:
        yield from _faults_of_the_way_in(institution)


def _faults_of_the_way_in(institution: Institution) -> Iterator[tuple[str, str]]:
    try:
        host = host_and_port(institution.sign_in)
    except ValueError:
        yield "sign_in", "an https address expected"
        return
    if host not in institution.hosts:
        yield "sign_in", "its host is not among hosts"
    if not institution.login:
        yield "login", "at least one login field expected"


def host_and_port(url: str) -> str:
    """`host:port` of an https address in lower case, as in `Institution.hosts`.

    Raises ValueError for every other address.
    """
    address = urlsplit(url)
    if address.scheme != "https" or not address.hostname:
        raise ValueError("an https address expected")
    host = f"[{address.hostname}]" if ":" in address.hostname else address.hostname
    return f"{host}:{address.port or 443}"


def _with_kind_checked(file: str, institution: Institution, *, trial: bool) -> Institution:
    if not trial:
        if institution.trial is not None:
            raise CatalogueError(file, "trial", "a shipped institution is never for trial")
        return institution
    if institution.trial is None:
        raise CatalogueError(file, "trial", "a local institution must be marked for trial")
    for place, host in enumerate(institution.hosts):
        if not _is_loopback(host.rpartition(":")[0]):
            message = "a local institution may only be on this computer"
            raise CatalogueError(file, f"hosts[{place}]", message)
    return institution


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _with_authority(directory: Path, file: str, institution: Institution) -> Institution:
    """The institution with the absolute path of its authority, which lies in the directory."""
    if institution.trial is None:
        return institution
    inside = directory.resolve()
    ca = (inside / institution.trial.ca).resolve()
    if not ca.is_relative_to(inside) or not ca.is_file():
        raise CatalogueError(file, "trial.ca", "a file inside the catalogue directory expected")
    return dataclasses.replace(institution, trial=Trial(str(ca)))


def _refuse_twins(institutions: Iterable[Institution]) -> None:
    seen: set[str] = set()
    for institution in institutions:
        if institution.code in seen:
            raise CatalogueError(f"{institution.code}.toml", "code", "there is one already")
        seen.add(institution.code)
