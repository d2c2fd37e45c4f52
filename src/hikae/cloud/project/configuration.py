"""What an operator sets, read once from the environment.

HIKAE_DATA: folder of database and secret key. HIKAE_ORIGIN: address by which
browsers and agents reach the cloud. HIKAE_CATALOGUE: folder of institutions beside the shipped
ones. HIKAE_DATABASE_URL: PostgreSQL as the role that the cloud works as; SQLite in the data
folder without it. HIKAE_DATABASE_OWNER_URL: PostgreSQL as the role that owns and migrates the
tables. HIKAE_KEYS: folder of what no backup may hold, `keys` in the data folder without it.
HIKAE_ENDINGS: the journal of endings, a file or a PostgreSQL; in the folder of keys without it.
HIKAE_MAIL_URL: the server through which mails leave; none leave without it. HIKAE_MAIL_FROM: whom
they come from. HIKAE_SIGN_UP: `open` where anybody may make an account. HIKAE_PROXIES: how many
proxies of one's own stand in front and add to X-Forwarded-For.
HIKAE_PLANS: file of the plans that are offered; everything is on without one.
HIKAE_LOG: `json` for lines that programs collect. HIKAE_METRICS_TOKEN: who brings it may read
/metrics; nobody without one.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from hikae import logs
from hikae.cloud.project.mail_server import MailServer, MailServerError
from hikae.link.authkey import acceptable_origin

LOCAL_ORIGIN = "http://127.0.0.1:8000"

SHORTEST_TOKEN = 20
"""Characters of a token that nobody guesses."""

KEPT_FOR = 600
"""Seconds for which a thread keeps its connection with a PostgreSQL."""

REACHED_WITHIN = 10
"""Seconds after which a PostgreSQL that does not answer at all is out of reach."""

_SHORT_QUERIES = "-c max_parallel_workers_per_gather=0 -c jit=off"
"""What a page asks takes a few milliseconds; helpers or compiled code would take more to begin."""


class ConfigurationError(ValueError):
    """A setting of the environment that cannot be used."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """data: None only for tools that read the settings and keep nothing."""

    data: Path | None
    origin: str
    catalogue: Path | None
    database_url: str
    database_owner_url: str
    keys: Path | None = None
    endings: str = ""
    mail: MailServer | None = None
    mail_from: str = ""
    sign_up: bool = False
    proxies: int = 0
    plans: Path | None = None
    log: str = ""
    metrics_token: str = field(default="", repr=False)

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Configuration":
        """Read the environment; raises ConfigurationError."""
        origin = environment.get("HIKAE_ORIGIN", LOCAL_ORIGIN).rstrip("/")
        if not acceptable_origin(origin):
            raise ConfigurationError(f"HIKAE_ORIGIN must be https, or http on loopback: {origin}")
        data = _path(environment, "HIKAE_DATA")
        return cls(
            data=data,
            origin=origin,
            catalogue=_path(environment, "HIKAE_CATALOGUE"),
            database_url=environment.get("HIKAE_DATABASE_URL", ""),
            database_owner_url=environment.get("HIKAE_DATABASE_OWNER_URL", ""),
            keys=_path(environment, "HIKAE_KEYS") or (data / "keys" if data else None),
            endings=environment.get("HIKAE_ENDINGS", ""),
            mail=(mail := _mail(environment)),
            mail_from=environment.get("HIKAE_MAIL_FROM", ""),
            sign_up=_sign_up(environment, mail),
            proxies=_proxies(environment),
            plans=_path(environment, "HIKAE_PLANS"),
            log=_form_of_log(environment),
            metrics_token=_token(environment),
        )

    @property
    def host(self) -> str:
        """The name by which the cloud is reached."""
        return urlsplit(self.origin).hostname or ""

    @property
    def secure(self) -> bool:
        """Whether browsers come by TLS."""
        return self.origin.startswith("https:")

    @property
    def sender(self) -> str:
        """Whom mails come from."""
        return self.mail_from or f"Hikae <hikae@{self.host}>"

    def secret_key(self) -> str:
        """The key that signs sessions: made once, kept in the data folder."""
        if self.data is None:
            return secrets.token_urlsafe(50)
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _keep(self.data / "secret.key", secrets.token_urlsafe(50))

    def databases(self) -> dict[str, dict[str, Any]]:
        """Django's DATABASES: `default`, and `owner` where another role migrates."""
        if not self.database_url:
            return {"default": sqlite(self.data / "hikae.sqlite3" if self.data else ":memory:")}
        databases = {"default": postgresql(self.database_url)}
        if self.database_owner_url:
            databases["owner"] = postgresql(self.database_owner_url)
        return databases


def sqlite(file: Path | str) -> dict[str, Any]:
    """A database in a file: writers wait for each other, and what is written stays written."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }


def postgresql(url: str) -> dict[str, Any]:
    """A database of a server: `postgresql://user:password@host:port/name`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ConfigurationError("a database's address is postgresql://user@host:port/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": KEPT_FOR,
        "OPTIONS": {"options": _SHORT_QUERIES, "connect_timeout": REACHED_WITHIN},
    }


def _form_of_log(environment: Mapping[str, str]) -> str:
    try:
        return logs.form_of(environment)
    except ValueError as error:
        raise ConfigurationError(str(error)) from None


def _token(environment: Mapping[str, str]) -> str:
    token = environment.get("HIKAE_METRICS_TOKEN", "")
    if token and len(token) < SHORTEST_TOKEN:
        raise ConfigurationError(
            f"HIKAE_METRICS_TOKEN must have {SHORTEST_TOKEN} characters or more"
        )
    return token


def _mail(environment: Mapping[str, str]) -> MailServer | None:
    url = environment.get("HIKAE_MAIL_URL", "")
    try:
        return MailServer.parse(url) if url else None
    except MailServerError as error:
        raise ConfigurationError(str(error)) from None


def _sign_up(environment: Mapping[str, str], mail: MailServer | None) -> bool:
    word = environment.get("HIKAE_SIGN_UP", "closed")
    if word not in {"open", "closed"}:
        raise ConfigurationError("HIKAE_SIGN_UP is open or closed")
    if word == "open" and mail is None:
        raise ConfigurationError("HIKAE_SIGN_UP=open needs HIKAE_MAIL_URL, to confirm addresses")
    return word == "open"


def _proxies(environment: Mapping[str, str]) -> int:
    text = environment.get("HIKAE_PROXIES", "0")
    if not text.isascii() or not text.isdigit():
        raise ConfigurationError("HIKAE_PROXIES is a number")
    return int(text)


def _path(environment: Mapping[str, str], name: str) -> Path | None:
    text = environment.get(name, "")
    return Path(text).absolute() if text else None


def _keep(file: Path, text: str) -> str:
    # Several processes may start at once: who links first decides for all.
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    if not file.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as opened:
            opened.write(text)
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text().strip()
