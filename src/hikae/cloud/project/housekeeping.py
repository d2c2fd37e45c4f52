"""Deleting what has had its time: logins, keys, proofs, tries, sessions, closed organisations."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db import Error

from hikae.cloud.connections import logins
from hikae.cloud.connections.server_keys import ServerKeys
from hikae.cloud.devices.proofs import forget_used
from hikae.cloud.people import closing, invitations, ownership
from hikae.cloud.people.models import Organisation, SignInLink
from hikae.cloud.people.organisations import unconfirmed
from hikae.cloud.people.tenancy import tenant
from hikae.cloud.statements.exports.keeping import forget_old
from hikae.cloud.statements.imports.files import forget_untaken
from hikae.cloud.statements.models import StatementPart

PARTS = timedelta(days=7)
"""How long a part waits for the rest of its statement."""

TRIES = timedelta(days=1)
"""How long it is remembered who tried passwords; the wait that follows is much shorter."""

_log = logging.getLogger("hikae.housekeeping")


def sweep(now: datetime) -> None:
    """Delete all that has expired, organisation by organisation."""
    for organisation_id in Organisation.objects.values_list("id", flat=True):
        with tenant(organisation_id):
            forgotten = logins.forget_expired(now)
            forget_untaken(now)
            forget_old(now)
            forget_used(now)
            ownership.forget_expired(now)
            closing.end_pcs_of_closed(now)
            StatementPart.objects.filter(delivered_at__lt=now - PARTS).delete()
        if forgotten:
            _log.info("%d logins waited too long for a PC and were deleted", forgotten)
    for organisation_id in closing.due(now):
        _erase(organisation_id)
    _forget_unconfirmed(now)
    invitations.forget_expired(now)
    SignInLink.objects.filter(expires_at__lt=now).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - TRIES).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    ServerKeys.of_settings().forget(now)


def _forget_unconfirmed(now: datetime) -> None:
    """Delete who signed up and never confirmed the address, and the empty books they began."""
    for person in unconfirmed(now):
        for begun in person.memberships.all():
            with tenant(begun.organisation_id):
                _erase(begun.organisation_id)
                person.delete()


def _erase(organisation_id: UUID) -> None:
    try:
        closing.erase(organisation_id)
    except Error as error:
        # The rest must be swept all the same; what was not erased is tried again next time.
        _log.error("a closed organisation could not be erased: %s", type(error).__name__)
    else:
        _log.info("a closed organisation was erased")
