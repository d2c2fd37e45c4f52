"""The list of what waits, which the database itself keeps."""

from django.db import models


class Waiting(models.Model):
    """Something that has not come to its end; it names nobody, so that it can be counted for all.

    The rows of organisations are behind the wall, each organisation's for itself. Triggers on
    their tables keep this list: a row comes, changes and goes with the one that it is named after.
    id: of the command, fetch or challenge. since: when that was written, queued or asked.
    device: by whom a command is waited for.
    """

    class Kind(models.TextChoices):
        """What waits."""

        COMMAND = "command"
        FETCH = "fetch"
        CHALLENGE = "challenge"

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=12)
    since = models.DateTimeField()
    device = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
