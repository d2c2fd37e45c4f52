"""メンバー: their roles, and what ends when one is removed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db import transaction

from hikae.cloud.connections.models import Connection
from hikae.cloud.devices.models import AuthKey
from hikae.cloud.institutions.offer import title_of
from hikae.cloud.people import audit
from hikae.cloud.people.models import Membership, OwnershipOffer, Role, User
from hikae.cloud.people.organisations import lock
from hikae.cloud.people.ownership import pass_on


class MembersError(PermissionError):
    """The person may not do this to that member."""


@dataclass(frozen=True, slots=True)
class Removed:
    """Who is no member any more, and the institutions whose sign-in they may still know."""

    person: User
    institutions: tuple[str, ...]


@transaction.atomic
def change_role(member_id: UUID, role: Role, by: Membership, now: datetime) -> Membership:
    """Give a member another role; only owners may, and not to owners nor themselves.

    Whoever may not fetch any more has no PC here either. An owner steps down by handing over.
    Raises MembersError.
    """
    member = _below(member_id, by)
    member.role = role
    member.save(update_fields=["role"])
    if not member.may_fetch:
        pass_on(member.user, by.user, now)
    details = {"role": str(role)}
    subject = member.user.email
    audit.record("member.role", actor=by.user.email, subject=subject, now=now, details=details)
    return member


@transaction.atomic
def remove(member_id: UUID, by: Membership, now: datetime) -> Removed:
    """End a membership, with the person's sessions, keys and PC here, this moment.

    What they registered passes to the owner who removes them. Raises MembersError.
    """
    member = _below(member_id, by)
    person = member.user
    known = tuple(institutions_of(person))
    for session in UserSession.objects.filter(user=person):
        session.end()
    AuthKey.objects.filter(
        organisation=by.organisation, issuer=person, used_at=None, withdrawn_at=None
    ).update(withdrawn_at=now)
    pass_on(person, by.user, now)
    OwnershipOffer.objects.filter(heir=person).delete()
    member.delete()
    audit.record("member.removed", actor=by.user.email, subject=person.email, now=now)
    return Removed(person, known)


def institutions_of(person: User) -> list[str]:
    """The institutions that a member registered or whose sign-in their PC holds."""
    registered = Connection.objects.filter(registered_by=person)
    served = Connection.objects.filter(device__person=person)
    codes = {each.institution for each in registered | served}
    return sorted(title_of(code) for code in codes)


def _below(member_id: UUID, by: Membership) -> Membership:
    """A member whom this owner may change."""
    lock(by.organisation_id)
    here = Membership.objects.filter(organisation=by.organisation).select_related("user")
    member = here.filter(pk=member_id).first()
    still_owner = here.filter(pk=by.pk, role=Role.OWNER).exists()
    if member is None or not still_owner or member.role == Role.OWNER:
        raise MembersError
    return member
