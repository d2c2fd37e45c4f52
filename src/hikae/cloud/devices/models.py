"""PCs and what is said to them.

AuthKey, Device and DevicePresence are the directory by which an agent's organisation is found;
assignments and commands are the organisation's own.
"""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from hikae.cloud.people.models import Organisation, User
from hikae.cloud.people.tenancy import TenantEntity
from hikae.link.proof import fingerprint


class AuthKey(models.Model):
    """認証キー, of which only the hash is kept.

    withdrawn_at: a newer key took its place before it was used.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    hash = models.CharField(max_length=64, unique=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    issuer = models.ForeignKey(User, models.CASCADE, related_name="+")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.issuer} {self.issued_at:%Y-%m-%d %H:%M}"


class Device(models.Model):
    """パソコン: the one PC enrolled for a person's account.

    id: chosen by the agent. signing, sealing: its raw public keys.
    organisation: the one for which its 認証キー was issued. commanded: number of its last command.
    ended_by: who ended it. ended_for: who owns the organisation now, where that is the reason.
    """

    class State(models.TextChoices):
        """Where a device stands; confirmed by the person who issued the key."""

        PENDING = "pending", "確認待ち"
        CONFIRMED = "confirmed", "登録済み"
        REFUSED = "refused", "登録しない"
        RELEASED = "released", "解除済み"

    id = models.UUIDField(primary_key=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    person = models.ForeignKey(User, models.CASCADE, related_name="devices")
    auth_key = models.OneToOneField(AuthKey, models.PROTECT, related_name="device")
    state = models.CharField(max_length=12, choices=State.choices, default=State.PENDING)
    signing = models.BinaryField(max_length=32)
    sealing = models.BinaryField(max_length=32)
    name = models.CharField(max_length=200)
    system = models.CharField(max_length=200)
    agent = models.CharField(max_length=200)
    protocol = models.PositiveIntegerField()
    commanded = models.BigIntegerField(default=0)
    enrolled_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=200, blank=True)
    ended_for = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=["pending", "confirmed"]),
                name="one_device_a_person",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def fingerprint(self) -> str:
        """What person and PC compare."""
        return fingerprint(bytes(self.signing), bytes(self.sealing))

    @property
    def over(self) -> bool:
        """Whether it has ended, or was never let in."""
        return self.state in {self.State.RELEASED, self.State.REFUSED}

    @property
    def holder(self) -> str:
        """The device as sealed values name it."""
        return str(self.id)


class DevicePresence(models.Model):
    """Whether a device is on; a table of its own because it is written so often.

    link: the link that is open now. left_at: when the last one closed.
    """

    device = models.OneToOneField(Device, models.CASCADE, primary_key=True, related_name="presence")
    last_seen = models.DateTimeField()
    link = models.UUIDField(null=True)
    left_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.device_id} {self.last_seen:%Y-%m-%d %H:%M}"


class Assignment(TenantEntity):
    """A device's permission to serve an organisation."""

    device = models.ForeignKey(Device, models.CASCADE, related_name="assignments")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "device"],
                condition=Q(ended_at=None),
                name="one_assignment",
            )
        ]

    def __str__(self) -> str:
        return f"{self.device_id} → {self.organisation_id}"


class Command(TenantEntity):
    """Something asked of a device, numbered from 1; message: JSON of `hikae.link.messages`."""

    device = models.ForeignKey(Device, models.CASCADE, related_name="commands")
    sequence = models.BigIntegerField()
    message = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "sequence"], name="one_command_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.device_id} {self.sequence}"


class UsedProof(TenantEntity):
    """The proof of a request that must not be carried out twice, while it could be believed."""

    device = models.ForeignKey(Device, models.CASCADE, related_name="+")
    nonce = models.CharField(max_length=16)
    used_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device", "nonce"], name="one_use_a_proof")]

    def __str__(self) -> str:
        return f"{self.device_id} {self.used_at:%Y-%m-%d %H:%M}"
