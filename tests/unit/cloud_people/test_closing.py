"""Closing an organisation: stated beforehand, taken back in time, then nothing of it is left."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from hikae.cloud.people import audit
from hikae.cloud.people.closing import (
    TIME_TO_HEAR,
    TIME_TO_LEAVE,
    ClosingError,
    close,
    reopen,
)
from hikae.cloud.people.models import AuditEntry, Membership, Organisation
from hikae.cloud.people.tenancy import TenantModel, tenant
from hikae.cloud.project.housekeeping import sweep
from tests.neighbours import furnish
from tests.office import Office
from tests.unit.cloud_people.conftest import sign_in


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Each database in turn: both must let go of the audit log, and only then."""
    return str(request.param)


def owner_of(office: Office) -> Membership:
    return Membership.objects.get(organisation=office.organisation, user=office.owner)


def rows(office: Office) -> int:
    with office.at_work():
        return sum(
            model.objects.count() for model in apps.get_models() if issubclass(model, TenantModel)
        )


def test_all_of_it_is_erased_after_the_stated_time_and_nothing_of_others(office: Office) -> None:
    furnish(office)
    theirs = office.outsider.memberships.get().organisation_id
    with tenant(theirs), transaction.atomic():
        audit.record("something", actor="x", subject="y", now=office.now)
    with office.at_work():
        until = close(owner_of(office), office.now)
    sweep(until - timedelta(minutes=1))
    assert rows(office)
    sweep(until)
    office.pc.refresh_from_db()
    assert office.pc.state == "released"
    sweep(until + TIME_TO_HEAR)
    assert rows(office) == 0
    assert list(Organisation.objects.values_list("id", flat=True)) == [theirs]
    assert not Membership.objects.filter(user=office.owner).exists()
    with tenant(theirs):
        assert audit.first_broken() is None
        assert AuditEntry.objects.count() == 1


def test_it_can_be_taken_back_until_then(office: Office) -> None:
    with office.at_work():
        until = close(owner_of(office), office.now)
        reopen(owner_of(office), until - timedelta(minutes=1))
        close(owner_of(office), office.now)
        with pytest.raises(ClosingError):
            reopen(owner_of(office), until)


def test_the_audit_log_of_an_organisation_that_is_there_lets_no_row_go(office: Office) -> None:
    with office.at_work():
        with transaction.atomic():
            audit.record("something", actor="x", subject="y", now=office.now)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM people_auditentry")


def test_every_page_says_when_it_ends_and_asks_for_the_password_before(office: Office) -> None:
    owner = sign_in(office.owner)
    assert owner.post("/people/closing")["Location"].startswith("/accounts/again/")
    with office.at_work():
        close(owner_of(office), office.now)
    assert "消去されます" in sign_in(office.viewer).get("/connections/").content.decode()
    owner.post("/people/closing/end")
    assert "消去されます" not in owner.get("/connections/").content.decode()
    assert timedelta(days=30) == TIME_TO_LEAVE
