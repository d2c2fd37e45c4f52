"""What a writer made of statements, whole, and what it told."""

from hikae.formats.stream import StatementStream
from hikae.formats.writers.writer import Loss, Writer


def told(writer: Writer, *statements: StatementStream) -> tuple[bytes, list[Loss]]:
    """The file and its losses."""
    losses: list[Loss] = []
    return b"".join(writer(statements, losses.append)), losses


def written(writer: Writer, *statements: StatementStream) -> bytes:
    """The file; what it lost does not matter here."""
    return told(writer, *statements)[0]
