"""What a person may set on this PC, kept as JSON in the profile."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from hikae.agent.timetable import Plan
from hikae.model.problems import Problem, ProblemCode, ProblemError


class SettingsError(ProblemError):
    """The settings file cannot be read: unreadable_file, naming the key."""


@dataclass(frozen=True, slots=True)
class ProxySettings:
    """How to reach the network. kind: none, system or manual; the password is in the keyring.

    scheme: http, https or socks5.
    """

    kind: Annotated[str, Meta(pattern="^(none|system|manual)$")] = "system"
    scheme: Annotated[str, Meta(pattern="^(http|https|socks5)$")] = "http"
    host: str = ""
    port: Annotated[int, Meta(ge=0, le=65535)] = 0
    user: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their defaults.

    keepalive: seconds between signs of life on the link. certificates: folder of PKCS#12 files.
    catalogue: folder of trial institutions (試験用). plan: when connections are fetched by
    themselves.
    """

    proxy: ProxySettings = ProxySettings()
    keepalive: Annotated[int, Meta(ge=5, le=600)] = 30
    certificates: str = ""
    catalogue: str = ""
    language: Annotated[str, Meta(pattern="^(ja|en)$")] = "ja"
    plan: Plan = Plan()  # noqa: RUF009 - frozen


def load(path: Path) -> Settings:
    """Settings from the file, defaults where there is none; raises SettingsError."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Settings)
    except FileNotFoundError:
        return Settings()
    except msgspec.MsgspecError as error:
        details = {"file": path.name, "place": str(error)}
        raise SettingsError(Problem(ProblemCode.UNREADABLE_FILE, details=details)) from None


def save(path: Path, settings: Settings) -> None:
    """Replace the file in one step, so that it is never half written."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(settings)))
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)
