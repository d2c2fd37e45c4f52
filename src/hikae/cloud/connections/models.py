"""An organisation's registrations with banks, and what happens through them."""

from uuid import uuid4

from django.db import models

from hikae.cloud.devices.models import Device
from hikae.cloud.people.models import User
from hikae.cloud.people.tenancy import TenantEntity
from hikae.model.challenge import ChallengeKind
from hikae.model.fetch import FetchState, Trigger


class Connection(TenantEntity):
    """連携: a registration with one institution.

    user_id: as the bank shows it in the certificate, where known. stopped: 停止 on the page.
    enabled, certificate, next_fetch_at, problem: what the PC last reported; certificate and
    problem are JSON of `CertificateShown` and `Problem`.
    """

    institution = models.CharField(max_length=4)
    device = models.ForeignKey(Device, models.SET_NULL, null=True, related_name="connections")
    user_id = models.CharField(max_length=200, blank=True)
    start_on = models.DateField(null=True, blank=True)
    stopped = models.BooleanField(default=False)
    login_version = models.PositiveIntegerField(default=0)
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    enabled = models.BooleanField(default=False)
    certificate = models.JSONField(null=True)
    next_fetch_at = models.DateTimeField(null=True)
    problem = models.JSONField(null=True)
    reported_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.institution


class ConnectionAccount(TenantEntity):
    """An account that a connection shows, taken or left out."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="accounts")
    account = models.ForeignKey("statements.Account", models.CASCADE, related_name="connections")
    taken = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "account"], name="one_account_a_connection"
            )
        ]

    def __str__(self) -> str:
        return f"{self.connection_id} {self.account_id}"


class SealedLogin(TenantEntity):
    """ログイン情報 that only its holder can open.

    holder: the device's id, or `server:<key id>` until a device is confirmed; then expires_at.
    """

    connection = models.OneToOneField(Connection, models.CASCADE, related_name="login")
    holder = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    sealed = models.TextField()
    expires_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.connection_id} {self.version}"


class Fetch(TenantEntity):
    """取得: one run for one connection; its id comes from whoever triggered it.

    problem: JSON of `Problem`. The counts are what merging did, in rows.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="fetches")
    trigger = models.CharField(max_length=12, choices=[(t.value, t.value) for t in Trigger])
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in FetchState])
    requested_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=200, blank=True)
    rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    corrected = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    problem = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["connection", "-queued_at"], name="fetches_of_connection"),
            models.Index(
                fields=["connection", "-ended_at"],
                condition=models.Q(state="done"),
                name="last_success",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.connection_id} {self.state}"


class Challenge(TenantEntity):
    """追加認証: what a bank asks while a dialog waits; an answer is never kept here."""

    class State(models.TextChoices):
        """Whether somebody waits for the answer."""

        WAITING = "waiting"
        ANSWERED = "answered"
        WRONG = "wrong"
        EXPIRED = "expired"
        CANCELLED = "cancelled"

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="challenges")
    fetch = models.ForeignKey(Fetch, models.CASCADE, related_name="challenges")
    state = models.CharField(max_length=12, choices=State.choices)
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in ChallengeKind])
    prompt = models.TextField()
    code = models.CharField(max_length=200)
    length = models.PositiveIntegerField(null=True)
    choices = models.JSONField(default=list)
    image = models.TextField(blank=True)
    again = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["connection", "state"], name="challenges_waiting")]

    def __str__(self) -> str:
        return f"{self.connection_id} {self.state}"
