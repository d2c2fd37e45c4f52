"""追加認証: showing what a bank asks, and passing the answer on without being able to keep it."""

import base64
import binascii
from datetime import datetime
from uuid import UUID

from django.db import transaction

from hikae import logs
from hikae.cloud.connections.fetching import request_fetch
from hikae.cloud.connections.models import Challenge, Fetch
from hikae.cloud.devices import commands
from hikae.cloud.devices.models import Device
from hikae.cloud.people import audit
from hikae.cloud.people.models import User
from hikae.cloud.people.tenancy import required_tenant
from hikae.link.messages import ChallengeReport, SealedAnswer
from hikae.link.sealing import AnswerContext, seal
from hikae.model.secret import Secret

_ENDED = {Challenge.State.EXPIRED, Challenge.State.CANCELLED}
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")


@transaction.atomic
def report_challenge(
    device: Device, challenge_id: UUID, report: ChallengeReport, now: datetime
) -> None:
    """Keep what a PC says of a challenge; one that nobody waits for any more stays so.

    Raises Connection.DoesNotExist or Fetch.DoesNotExist for what is not the device's own.
    """
    connection = device.connections.get(pk=report.connection)
    fetch = Fetch.objects.get(pk=report.fetch, connection=connection)
    challenge = Challenge.objects.select_for_update(no_key=True).filter(pk=challenge_id).first()
    if challenge is None:
        challenge = Challenge(id=challenge_id, organisation_id=required_tenant(), asked_at=now)
        challenge.connection, challenge.fetch = connection, fetch
    elif challenge.fetch_id != fetch.id:
        raise Fetch.DoesNotExist
    elif challenge.state in _ENDED:
        return
    _take_over(challenge, report)
    challenge.save()


@transaction.atomic
def answer_challenge(
    challenge_id: UUID, answer: Secret, by: User, now: datetime
) -> Challenge | Fetch:
    """Pass an answer to the dialog that waits: the challenge it went to.

    Where nobody waits any more, a new fetch starts that asks again, and is returned instead; the
    answer is dropped. Raises FetchRefusedError or Challenge.DoesNotExist.
    """
    challenge = Challenge.objects.select_for_update(no_key=True).get(pk=challenge_id)
    logs.concerns(fetch=challenge.fetch_id)
    device = challenge.connection.device
    if device is None or not waits(challenge, now):
        return request_fetch(challenge.connection_id, by, now)
    context = AnswerContext(
        challenge.organisation_id,
        challenge.connection_id,
        device.holder,
        challenge.fetch_id,
        challenge.id,
    )
    sealed = seal(answer.reveal().encode(), bytes(device.sealing), context)
    _send(challenge, device, sealed, now)
    challenge.sent_at = now
    challenge.save(update_fields=["sent_at"])
    audit.record("challenge.answered", actor=by.email, subject=challenge.id, now=now)
    return challenge


def waits(challenge: Challenge, now: datetime) -> bool:
    """Whether a dialog still waits for the answer."""
    open_states = {Challenge.State.WAITING, Challenge.State.WRONG}
    return challenge.state in open_states and challenge.expires_at > now


def _send(challenge: Challenge, device: Device, sealed: str, now: datetime) -> None:
    def make(seq: int) -> SealedAnswer:
        return SealedAnswer(
            seq=seq,
            challenge=challenge.id,
            fetch=challenge.fetch_id,
            connection=challenge.connection_id,
            sealed=sealed,
        )

    commands.send(device.id, make, now)


def _take_over(challenge: Challenge, report: ChallengeReport) -> None:
    if challenge.again != report.again or report.state == Challenge.State.WRONG:
        challenge.sent_at = None
    challenge.state = report.state
    challenge.kind = report.challenge
    challenge.prompt = report.prompt
    challenge.code = report.code
    challenge.expires_at = report.expires_at
    challenge.length = report.length
    challenge.choices = list(report.choices)
    challenge.image = report.image if _is_picture(report.image) else ""
    challenge.again = report.again


def _is_picture(text: str) -> bool:
    """Whether base64 text is what a page may show: PNG, JPEG or GIF."""
    try:
        return base64.b64decode(text, validate=True).startswith(_PICTURES)
    except (ValueError, binascii.Error):
        return False
