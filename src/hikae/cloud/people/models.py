"""Who works with the books, and for whom.

These tables are the directory in which an organisation is found; all but the audit log lie
before the wall between organisations.
"""

from typing import ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from hikae.cloud.people.tenancy import TenantEntity


class Language(models.TextChoices):
    """In which language a person reads pages and mails."""

    JAPANESE = "ja", "日本語"
    ENGLISH = "en", "English"


class UserManager(BaseUserManager["User"]):
    """Makes people."""

    def create_user(self, email: str, password: str | None = None, name: str = "") -> "User":
        """A new person; without a password, one who can only come by a link."""
        user = self.model(email=self.normalize_email(email).lower(), name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person; the e-mail address is the name to sign in by."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.JAPANESE)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name or self.email


class Organisation(models.Model):
    """事業者: whose books they are.

    erased_from: when an owner has closed it, the moment from which all of it is erased.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    erased_from = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member may do."""

    OWNER = "owner", "オーナー"
    STAFF = "staff", "担当者"
    VIEWER = "viewer", "閲覧"
    ACCOUNTANT = "accountant", "税理士など"


class Membership(models.Model):
    """メンバー: a person in an organisation."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="one_membership")
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    @property
    def may_fetch(self) -> bool:
        """Whether the member registers connections, enrols a PC, fetches and answers."""
        return self.role in {Role.OWNER, Role.STAFF}

    @property
    def may_import(self) -> bool:
        """Whether the member brings files of banks."""
        return self.may_fetch or self.role == Role.ACCOUNTANT

    @property
    def may_export(self) -> bool:
        """Whether the member gives rows to other programs."""
        return self.may_import


class SignInLink(models.Model):
    """A local one-use link that signs a person in; only its hash is kept."""

    hash = models.CharField(primary_key=True, max_length=64)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user} {self.expires_at:%Y-%m-%d %H:%M}"


class Invitation(models.Model):
    """Somebody is asked by mail to become a member; of the link only the hash is kept.

    organisation: None where an accountant asks a client, whose organisation begins with this.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    hash = models.CharField(max_length=64, unique=True)
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    email = models.EmailField()
    role = models.CharField(max_length=12, choices=Role.choices)
    invited_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.email} ({self.get_role_display()})"


class OwnershipOffer(TenantEntity):
    """An owner asks a member to become the owner in their place."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="+")
    heir = models.ForeignKey(User, models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "owner"], name="one_offer_an_owner")
        ]

    def __str__(self) -> str:
        return f"{self.owner} → {self.heir}"


class AuditEntry(TenantEntity):
    """One thing that was done, by whom; entries are only ever added.

    hash: SHA-256 over the entry and the hash of the one before, so that a change shows.
    """

    sequence = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    details = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "sequence"], name="one_audit_chain"),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="audit_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.subject}"
