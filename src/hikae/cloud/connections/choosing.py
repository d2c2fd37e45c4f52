"""Which PCs may serve a registration, as a person chooses among them."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hikae.cloud.devices.models import Assignment, Device
from hikae.cloud.people.models import User

Choices = list[tuple[str, str]]
"""Ids of PCs with what they are called; an empty id is one's own that is not there yet."""


def serving_here() -> QuerySet[Device]:
    """The PCs that serve the organisation being worked for."""
    assigned = Assignment.objects.filter(ended_at=None).values("device")
    return Device.objects.filter(state=Device.State.CONFIRMED, pk__in=assigned)


def choices(person: User, present: UUID | None = None) -> Choices:
    """One's own first, then those of the others; nothing where there is only one's own.

    present: the PC that serves the registration now, if one does.
    """
    devices = list(serving_here().select_related("person").order_by("name"))
    own = [device for device in devices if device.person_id == person.id]
    others = [device for device in devices if device.person_id != person.id]
    if not others:
        return []
    mine = [
        (str(device.id), _("%(name)s(自分のパソコン)") % {"name": device.name}) for device in own
    ]
    if not own and present is None:
        mine = [("", _("自分のパソコン(これから登録します)"))]
    named = _("%(name)s(%(person)s)")
    return mine + [
        (str(each.id), named % {"name": each.name, "person": each.person}) for each in others
    ]
