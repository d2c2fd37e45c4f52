"""Issuing and using up 認証キー."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from hikae.cloud.devices.models import AuthKey
from hikae.cloud.people import audit
from hikae.cloud.people.models import User
from hikae.cloud.people.tenancy import required_tenant
from hikae.link import authkey
from hikae.model.problems import Problem, ProblemCode, ProblemError

LIFETIME = timedelta(minutes=15)


class AuthKeyRefusedError(ProblemError):
    """auth_key_wrong, auth_key_used or auth_key_expired."""


@transaction.atomic
def issue_auth_key(by: User, now: datetime) -> authkey.AuthKey:
    """A new key for the organisation being worked for; an earlier unused one becomes invalid.

    The key is returned this once; only its hash is kept.
    """
    key = authkey.AuthKey(settings.HIKAE_ORIGIN, secrets.token_bytes(authkey.SECRET_BYTES))
    AuthKey.objects.filter(issuer=by, used_at=None, withdrawn_at=None).update(withdrawn_at=now)
    row = AuthKey.objects.create(
        hash=key.hash(),
        organisation_id=required_tenant(),
        issuer=by,
        issued_at=now,
        expires_at=now + LIFETIME,
    )
    audit.record("auth_key.issued", actor=by.email, subject=row.id, now=now)
    return key


def consume(text: str, now: datetime) -> AuthKey:
    """Use a key up, so that of two who come at once one gets it; raises AuthKeyRefusedError."""
    key = find(text)
    usable = AuthKey.objects.filter(pk=key.pk, used_at=None, withdrawn_at=None, expires_at__gt=now)
    if not usable.update(used_at=now):
        key.refresh_from_db()
        used = key.used_at is not None
        raise _refused(ProblemCode.AUTH_KEY_USED if used else ProblemCode.AUTH_KEY_EXPIRED)
    key.refresh_from_db()
    return key


def find(text: str) -> AuthKey:
    """The key that was typed, in whatever state; raises AuthKeyRefusedError or AuthKeyError."""
    key = AuthKey.objects.filter(hash=authkey.parse(text).hash()).first()
    if key is None:
        raise _refused(ProblemCode.AUTH_KEY_WRONG)
    return key


def _refused(code: ProblemCode) -> AuthKeyRefusedError:
    return AuthKeyRefusedError(Problem(code))
