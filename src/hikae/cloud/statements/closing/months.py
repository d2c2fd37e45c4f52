"""Which months are closed, of one account or of all: everything up to the last day of one."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from hikae.cloud.people import audit
from hikae.cloud.people.models import User
from hikae.cloud.people.organisations import lock
from hikae.cloud.people.tenancy import required_tenant
from hikae.cloud.statements.models import Account, Closing
from hikae.model.clock import japan_day


class OpenMonthError(ValueError):
    """A month that is not over cannot be closed."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The last closed day of all accounts, and of those that are closed further."""

    all: date | None
    accounts: dict[UUID, date]

    def until(self, account_id: UUID | None) -> date | None:
        """The last closed day of an account; None where nothing is closed."""
        days = [self.all, self.accounts.get(account_id) if account_id else None]
        return max((day for day in days if day is not None), default=None)


def closed() -> Closed:
    """What is closed in the organisation being worked for."""
    found = list(Closing.objects.all())
    of_all = [each.until for each in found if each.account_id is None]
    return Closed(
        max(of_all, default=None),
        {each.account_id: each.until for each in found if each.account_id is not None},
    )


@transaction.atomic
def close_month(account_id: UUID | None, month: date, by: User, now: datetime) -> None:
    """Close everything up to the end of `month`, of one account or of all.

    Raises OpenMonthError, or Account.DoesNotExist.
    """
    until = last_day(month)
    if until >= japan_day(now):
        raise OpenMonthError
    account = _begin(account_id)
    known = Closing.objects.filter(account=account).first()
    if known is not None and known.until >= until:
        return
    Closing.objects.update_or_create(
        organisation_id=required_tenant(),
        account=account,
        defaults={"until": until, "closed_by": by, "closed_at": now},
    )
    _tell("months.closed", account_id, until, by, now)


@transaction.atomic
def reopen_month(account_id: UUID | None, by: User, now: datetime) -> None:
    """Open the last month that is closed of one account or of all; the ones before stay closed.

    Raises Account.DoesNotExist.
    """
    account = _begin(account_id)
    known = Closing.objects.filter(account=account).first()
    if known is None:
        return
    opened = known.until
    known.until = opened.replace(day=1) - timedelta(days=1)
    known.save(update_fields=["until"])
    _tell("months.reopened", account_id, opened, by, now)


def last_day(month: date) -> date:
    """The last day of the month that a day lies in."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def _begin(account_id: UUID | None) -> Account | None:
    """Take turns with those who merge; they must not see half of it."""
    lock(required_tenant())
    return Account.objects.get(pk=account_id) if account_id else None


def _tell(action: str, account_id: UUID | None, until: date, by: User, now: datetime) -> None:
    details = {"until": until.isoformat()}
    subject = account_id or "all accounts"
    audit.record(action, actor=by.email, subject=subject, now=now, details=details)
