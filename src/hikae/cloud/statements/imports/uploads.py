"""Where an uploaded file goes while it comes in: no further than a file may be large."""

from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler

from hikae.cloud.statements.imports.files import LARGEST

UPLOAD = "/files/upload"
"""Where files come in, for those who bound bodies before Django sees them."""


class LimitedUpload(TemporaryFileUploadHandler):
    """Temporary files on the disk; beyond the limit they are dropped as if none had been sent.

    received: bytes of all files of the request.
    """

    received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write a piece, as long as there are not too many."""
        self.received += len(raw_data)
        if self.received > LARGEST:
            self.file.close()
            raise SkipFile
        return super().receive_data_chunk(raw_data, start)
