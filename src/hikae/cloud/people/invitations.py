"""招待: somebody is asked by mail to become a member, or an accountant's client.

The link works once and for seven days, for whoever holds it: they may come in under the address
that they have here already, or make their account with the one that was invited.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import QuerySet

from hikae.cloud.people import audit
from hikae.cloud.people.models import Invitation, Membership, Role, User
from hikae.cloud.people.organisations import found
from hikae.cloud.people.tenancy import required_tenant, tenant

LIFETIME = timedelta(days=7)


class InvitationError(PermissionError):
    """The person may not invite, or is a member already."""


@transaction.atomic
def invite(email: str, role: Role, by: Membership, now: datetime) -> str:
    """Ask somebody to become a member; an earlier link for the address ends. Returns the token.

    Raises InvitationError unless `by` is an owner, and for the address of a member.
    """
    address = email.strip().lower()
    members = Membership.objects.filter(organisation=by.organisation)
    if by.role != Role.OWNER or members.filter(user__email=address).exists():
        raise InvitationError
    open_invitations().filter(email=address).delete()
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(
        hash=_hash(token),
        organisation=by.organisation,
        email=address,
        role=role,
        invited_by=by.user,
        expires_at=now + LIFETIME,
    )
    details = {"role": str(role)}
    audit.record("member.invited", actor=by.user.email, subject=address, now=now, details=details)
    return token


@transaction.atomic
def invite_client(email: str, by: Membership, now: datetime) -> str:
    """Ask a client to begin an organisation in which `by`, an accountant, is one too."""
    if by.role != Role.ACCOUNTANT:
        raise InvitationError
    token = secrets.token_urlsafe(32)
    Invitation.objects.create(
        hash=_hash(token),
        email=email.strip().lower(),
        role=Role.OWNER,
        invited_by=by.user,
        expires_at=now + LIFETIME,
    )
    return token


def find(token: str, now: datetime) -> Invitation | None:
    """The invitation of a link that still works."""
    waiting = Invitation.objects.select_related("organisation", "invited_by")
    return waiting.filter(hash=_hash(token), expires_at__gt=now).first()


def open_invitations() -> QuerySet[Invitation]:
    """Those of the organisation being worked for."""
    return Invitation.objects.filter(organisation=required_tenant()).order_by("email")


@transaction.atomic
def withdraw(invitation_id: UUID, by: Membership, now: datetime) -> None:
    """Let a link work no more; raises InvitationError."""
    waiting = open_invitations().filter(pk=invitation_id).first()
    if waiting is None or by.role != Role.OWNER:
        raise InvitationError
    waiting.delete()
    audit.record("member.uninvited", actor=by.user.email, subject=waiting.email, now=now)


@transaction.atomic
def make_account(invitation: Invitation, name: str, password: str) -> User:
    """An account under the invited address, which the link has proven.

    Raises django's ValidationError for a weak password, InvitationError where there is one already.
    """
    if User.objects.filter(email=invitation.email).exists():
        raise InvitationError
    validate_password(password, User(email=invitation.email, name=name))
    person = User.objects.create_user(invitation.email, password, name)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


@transaction.atomic
def accept(invitation: Invitation, person: User, now: datetime, books: str = "") -> Membership:
    """Make the person a member, once. books: what a client's organisation is called.

    Raises InvitationError when the link was used in between, or by a member.
    """
    used, _ = Invitation.objects.filter(pk=invitation.pk).delete()
    if not used:
        raise InvitationError
    if invitation.organisation is None:
        member = found(person, books)
        member.organisation.memberships.create(user=invitation.invited_by, role=Role.ACCOUNTANT)
    elif invitation.organisation.memberships.filter(user=person).exists():
        raise InvitationError
    else:
        member = invitation.organisation.memberships.create(user=person, role=invitation.role)
    with tenant(member.organisation_id):
        inviter = invitation.invited_by.email
        audit.record("member.joined", actor=person.email, subject=inviter, now=now)
    return member


def forget_expired(now: datetime) -> None:
    """Delete invitations that nobody took up in time."""
    Invitation.objects.filter(expires_at__lte=now).delete()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
