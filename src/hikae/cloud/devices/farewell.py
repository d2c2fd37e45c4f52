"""The last word of a PC that left while the cloud was out of reach."""

from datetime import datetime

from django.conf import settings

from hikae.cloud.devices.correcting import correct
from hikae.cloud.devices.models import Device
from hikae.cloud.devices.release import release_device
from hikae.cloud.people.tenancy import tenant
from hikae.link.messages import Farewell
from hikae.link.vouching import farewell_holds
from hikae.model.problems import Problem, ProblemCode, ProblemError


class FarewellError(ProblemError):
    """Nobody known has signed this farewell: cloud_rejected."""


def take_farewell(farewell: Farewell, now: datetime) -> None:
    """End the device that has signed it, however long ago; raises FarewellError."""
    device = Device.objects.filter(pk=farewell.device).first()
    if device is None:
        raise FarewellError(Problem(ProblemCode.CLOUD_REJECTED, {"part": "device"}))
    correct(device, now)
    signing, origin = bytes(device.signing), settings.HIKAE_ORIGIN
    if not farewell_holds(farewell.signature, signing, device.id, origin):
        raise FarewellError(Problem(ProblemCode.CLOUD_REJECTED, {"part": "signature"}))
    with tenant(device.organisation_id):
        release_device(device, actor=device.name, now=now)
