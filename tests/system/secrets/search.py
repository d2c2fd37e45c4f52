"""Looks for secrets in bytes, in every form in which a program may have written one by mistake."""

import base64
import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_from_bytes

_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp932")
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere a secret must not stand, and all that stands there."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Finding:
    """Where which secret was found, and in which form."""

    place: str
    secret: str
    form: str


def find(places: Iterable[Place], secrets: Mapping[str, str | bytes]) -> list[Finding]:
    """Every secret in every place."""
    wanted = {
        needle: (name, form) for name, secret in secrets.items() for form, needle in forms(secret)
    }
    return [
        Finding(place.name, name, form)
        for place in places
        for needle, (name, form) in wanted.items()
        if needle in place.content
    ]


def forms(secret: str | bytes) -> Iterator[tuple[str, bytes]]:
    """The forms of a secret by name."""
    for encoding, raw in _raw(secret):
        yield encoding, raw
        yield f"{encoding}, hex", raw.hex().encode()
        yield f"{encoding}, HEX", raw.hex().upper().encode()
        yield f"{encoding}, percent-encoded", quote_from_bytes(raw, safe="").encode()
        wholly = "".join(f"%{byte:02X}" for byte in raw)
        yield f"{encoding}, percent-encoded wholly", wholly.encode()
        yield f"{encoding}, percent-encoded wholly, small", wholly.lower().encode()
        for shift in range(3):
            yield f"{encoding}, base64 at {shift}", (inside := _base64(raw, shift))
            yield f"{encoding}, base64url at {shift}", inside.translate(_URL_SAFE)
        yield f"{encoding}, base32", base64.b32encode(raw).rstrip(b"=")
        yield f"{encoding}, base32, small", base64.b32encode(raw).rstrip(b"=").lower()
        yield f"{encoding}, as Python shows bytes", repr(raw)[2:-1].encode()
    if isinstance(secret, str):
        yield "JSON", json.dumps(secret)[1:-1].encode()
        yield "backwards", secret[::-1].encode()


_URL_SAFE = bytes.maketrans(b"+/", b"-_")


def _raw(secret: str | bytes) -> Iterator[tuple[str, bytes]]:
    if isinstance(secret, bytes):
        yield "bytes", secret
        return
    for encoding in _ENCODINGS:
        yield encoding, secret.encode(encoding)


def _base64(raw: bytes, shift: int) -> bytes:
    """What base64 makes of it behind `shift` other bytes, without what its neighbours change."""
    whole = base64.b64encode(b"\0" * shift + raw)
    first = -(-shift * 4 // 3)
    bits = (shift + len(raw)) * 8
    return whole[first : bits // 6]


def files(folder: Path, *, but: Iterable[Path] = ()) -> Iterator[Place]:
    """All files below a folder, but for some files and folders; packed ones unpacked too."""
    left_out = set(but)
    for path in sorted(folder.rglob("*")):
        if left_out & {path, *path.parents} or not path.is_file():
            continue
        content = path.read_bytes()
        yield Place(str(path), content)
        if content.startswith(_GZIP):
            yield Place(f"{path} unpacked", gzip.decompress(content))


def process(pid: int) -> Iterator[Place]:
    """Arguments and environment of a process, as every program of the same user may read them."""
    for name in ("cmdline", "environ"):
        path = Path(f"/proc/{pid}/{name}")
        yield Place(str(path), path.read_bytes())
