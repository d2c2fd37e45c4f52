"""オーナーの引き継ぎ: an owner asks a member to take their place; it counts when they accept.

The PC of the owner who leaves ends at once, because its keys are that person's. What they had
registered passes to the new owner, whose own PC serves it once the login information is typed.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from hikae.cloud.connections.logins import hand_over
from hikae.cloud.connections.models import Connection
from hikae.cloud.devices.commands import refresh
from hikae.cloud.devices.models import Device
from hikae.cloud.devices.release import release_device
from hikae.cloud.people import audit
from hikae.cloud.people.models import Membership, OwnershipOffer, Role, User
from hikae.cloud.people.tenancy import required_tenant

LIFETIME = timedelta(days=7)
"""How long an offer waits."""


class OwnershipError(PermissionError):
    """The person may not offer, accept or decline this."""


@transaction.atomic
def offer_ownership(to: UUID, by: User, now: datetime) -> OwnershipOffer:
    """Ask another member to become the owner in one's place; an earlier offer is withdrawn.

    to: the member's user. Raises OwnershipError unless `by` is an owner and `to` another member.
    """
    members = _members()
    owner = members.filter(user=by, role=Role.OWNER).first()
    heir = members.filter(user=to).exclude(user=by).exclude(role=Role.OWNER).first()
    if owner is None or heir is None:
        raise OwnershipError
    OwnershipOffer.objects.filter(owner=by).delete()
    offer = OwnershipOffer.objects.create(
        organisation_id=required_tenant(), owner=by, heir=heir.user, expires_at=now + LIFETIME
    )
    audit.record("ownership.offered", actor=by.email, subject=heir.user.email, now=now)
    return offer


@transaction.atomic
def end_offer(offer_id: UUID, by: User, now: datetime) -> None:
    """Withdraw one's own offer, or decline one made to oneself; raises OwnershipError."""
    offer = OwnershipOffer.objects.filter(pk=offer_id).first()
    if offer is None or by not in {offer.owner, offer.heir}:
        raise OwnershipError
    offer.delete()
    action = "ownership.withdrawn" if by == offer.owner else "ownership.declined"
    audit.record(action, actor=by.email, subject=offer.heir.email, now=now)


@transaction.atomic
def accept_ownership(offer_id: UUID, by: User, now: datetime) -> None:
    """Become the owner; the other becomes 担当者, and their PC ends here this moment.

    Raises OwnershipError for an offer that is none, or no longer.
    """
    open_offers = OwnershipOffer.objects.select_related("owner")
    offer = open_offers.filter(pk=offer_id, heir=by, expires_at__gt=now).first()
    if offer is None:
        raise OwnershipError
    members = _members()
    if not members.filter(user=offer.owner, role=Role.OWNER).update(role=Role.STAFF):
        raise OwnershipError
    if not members.filter(user=by).update(role=Role.OWNER):
        raise OwnershipError
    pass_on(offer.owner, by, now, owner=str(by))
    OwnershipOffer.objects.filter(owner=offer.owner).delete()
    audit.record("ownership.accepted", actor=by.email, subject=offer.owner.email, now=now)


def offer_to(person: User, now: datetime) -> OwnershipOffer | None:
    """The offer that waits for a person's word."""
    offers = OwnershipOffer.objects.select_related("owner").filter(expires_at__gt=now)
    return offers.filter(heir=person).first()


def offer_by(person: User, now: datetime) -> OwnershipOffer | None:
    """The offer that a person has made."""
    offers = OwnershipOffer.objects.select_related("heir").filter(expires_at__gt=now)
    return offers.filter(owner=person).first()


def forget_expired(now: datetime) -> None:
    """Delete offers that nobody took up in time."""
    OwnershipOffer.objects.filter(expires_at__lte=now).delete()


def pass_on(before: User, after: User, now: datetime, *, owner: str = "") -> None:
    """End somebody's PC, and hand what it served to the PC of who comes after, if they have one.

    owner: who owns the organisation now, where that is the reason.
    """
    here = Device.objects.filter(organisation=required_tenant())
    serving = [Device.State.PENDING, Device.State.CONFIRMED]
    for device in here.filter(person=before, state__in=serving):
        release_device(device, actor=after.email, now=now, owner=owner)
    Connection.objects.filter(registered_by=before).update(registered_by=after)
    own = here.filter(person=after, state=Device.State.CONFIRMED).first()
    if own is not None:
        hand_over(own, after, now)
        refresh(own.id, now)


def _members() -> QuerySet[Membership]:
    return Membership.objects.filter(organisation=required_tenant())
