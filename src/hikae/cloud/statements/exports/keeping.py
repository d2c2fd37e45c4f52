"""The files of exports: kept in parts as they were written, so that they come back byte for byte.

Parts are compressed one by one, so neither writing nor reading a file holds more than one.
"""

import hashlib
import tempfile
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import BinaryIO

from django.db import transaction

from hikae.cloud.people.tenancy import required_tenant
from hikae.cloud.statements.models import Export, ExportPart

KEPT = timedelta(days=365)
"""How long a file can be downloaded again; that there was one is remembered for ever."""

LOOKED_AT = timedelta(days=1)
"""How long an export that was looked at, but never made, is kept."""

_PART = 2**18


class ForgottenError(LookupError):
    """The file is no longer kept."""


@transaction.atomic
def keep(export: Export, file: BinaryIO) -> None:
    """Put the file of an export, from its beginning, in the place of the one before."""
    drop(export)
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    for number, piece in enumerate(_pieces(file)):
        digest.update(piece)
        size += len(piece)
        ExportPart.objects.create(
            organisation_id=required_tenant(),
            export=export,
            number=number,
            content=zlib.compress(piece),
        )
    export.sha256, export.size = digest.hexdigest(), size


def drop(export: Export) -> None:
    """Have no file."""
    ExportPart.objects.filter(export=export).delete()
    export.sha256, export.size = "", 0


def file_of(export: Export) -> BinaryIO:
    """The file of an export in a temporary file, at its beginning; raises ForgottenError."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - given away, open
    parts = ExportPart.objects.filter(export=export).order_by("number")
    for content in parts.values_list("content", flat=True).iterator(chunk_size=1):
        file.write(zlib.decompress(content))
    if file.tell() != export.size or not export.sha256:
        file.close()
        raise ForgottenError
    file.seek(0)
    return file


def is_kept(export: Export) -> bool:
    """Whether the file can be downloaded."""
    return ExportPart.objects.filter(export=export).exists()


def forget_old(now: datetime) -> None:
    """Forget files that are old, and exports that were looked at and never made."""
    ExportPart.objects.filter(export__exported_at__lt=now - KEPT).delete()
    Export.objects.filter(exported_at=None, drafted_at__lt=now - LOOKED_AT).delete()


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(_PART):
        yield piece
