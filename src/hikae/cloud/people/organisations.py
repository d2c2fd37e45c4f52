"""Making organisations and their first owners, and taking turns in one."""

from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import QuerySet

from hikae.cloud.people.models import Membership, Organisation, Role, User

CONFIRMED_WITHIN = timedelta(days=7)
"""How long a person who signed up has to confirm the address."""


def unconfirmed(now: datetime) -> QuerySet[User]:
    """Who signed up, never came in, and has not confirmed the address in time."""
    silent = User.objects.filter(last_login=None, joined_at__lte=now - CONFIRMED_WITHIN)
    known = EmailAddress.objects.filter(verified=True).values("user")
    waiting = EmailAddress.objects.filter(verified=False).values("user")
    return silent.filter(pk__in=waiting).exclude(pk__in=known)


def lock(organisation_id: UUID) -> None:
    """Wait for one's turn at the numbered rows of an organisation, until the transaction ends.

    Whoever needs the row of a device as well takes that first.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)


@transaction.atomic
def create_owner(email: str, organisation: str, password: str | None = None) -> Membership:
    """A person who owns a new organisation; without a password they come by a link only.

    A person who exists already gets one more organisation. Raises django's ValidationError for
    a password that is too weak.
    """
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        if password is not None:
            validate_password(password, User(email=email))
        user = User.objects.create_user(email.strip(), password)
    # Who runs the cloud vouches for the address.
    address, _ = EmailAddress.objects.get_or_create(user=user, email=user.email)
    address.verified = address.primary = True
    address.save(update_fields=["verified", "primary"])
    return found(user, organisation)


@transaction.atomic
def found(owner: User, name: str) -> Membership:
    """A new organisation with its first owner."""
    organisation = Organisation.objects.create(name=name)
    return Membership.objects.create(organisation=organisation, user=owner, role=Role.OWNER)
