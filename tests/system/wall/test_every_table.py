"""Every table there is stands behind the wall, or is known to stand before it, and why."""

from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import models

from hikae.cloud.people.tenancy import TenantManager, TenantModel, tenant
from tests.neighbours import Neighbours, tenant_models

BEFORE_THE_WALL = {
    "people.User": "a person belongs to any number of organisations",
    "people.Organisation": "its id is what the wall is built on",
    "people.Membership": "by it the organisation of a person is found",
    "people.Invitation": "comes from somebody who is no member yet",
    "people.SignInLink": "comes from somebody who is not known yet",
    "devices.AuthKey": "comes from a PC that is not known yet",
    "devices.Device": "by it the organisation of a PC is found",
    "devices.DevicePresence": "when a device was seen; found only by its device",
    "watching.Waiting": "that something waits, and since when; names nobody",
    "sessions.Session": "comes from somebody who is not known yet",
    "account.EmailAddress": "belongs to a person",
    "account.EmailConfirmation": "belongs to a person",
    "mfa.Authenticator": "belongs to a person",
    "usersessions.UserSession": "belongs to a person",
    "axes.AccessAttempt": "comes from somebody who is not known yet",
    "axes.AccessAttemptExpiration": "belongs to an attempt",
    "axes.AccessFailureLog": "is not written",
    "axes.AccessLog": "is not written",
    "auth.Group": "Django's own; nothing is in it",
    "auth.Permission": "Django's own; names of models",
    "contenttypes.ContentType": "Django's own; names of models",
}


def test_a_table_that_is_not_behind_the_wall_is_known_with_its_reason() -> None:
    before = {
        model._meta.label  # noqa: SLF001 - public
        for model in apps.get_models()
        if not issubclass(model, TenantModel)
    }
    assert before == BEFORE_THE_WALL.keys()


def test_no_manager_of_any_table_shows_a_row_outside_of_an_organisation(
    neighbours: Neighbours,
) -> None:
    for model in tenant_models():
        for manager in (model.objects, model._default_manager, model._base_manager):  # noqa: SLF001
            assert isinstance(manager, TenantManager), model
            for look in (manager.count, manager.first, manager.all):
                with pytest.raises(LookupError):
                    look()


def test_every_manager_shows_the_rows_of_its_organisation_only(neighbours: Neighbours) -> None:
    for model in tenant_models():
        with tenant(neighbours.us):
            found = set(model._base_manager.values_list("organisation", flat=True))  # noqa: SLF001
            assert found == {neighbours.us}, model


def test_no_reference_leads_to_a_row_of_another_organisation(neighbours: Neighbours) -> None:
    """Forwards and backwards, from each row that was read inside to where it is outside."""
    for model in tenant_models():
        with tenant(neighbours.them):
            row = model.objects.all()[0]
        for field in model._meta.get_fields():  # noqa: SLF001 - public
            referred = field.related_model
            if not (isinstance(referred, type) and issubclass(referred, TenantModel)):
                continue
            with tenant(neighbours.us):
                assert not _led(row, field), (model, field)


def _led(row: TenantModel, field: "models.Field[Any, Any] | models.ForeignObjectRel") -> bool:
    """Whether the field leads anywhere from the row, or from one that says the same."""
    if isinstance(field, models.ForeignKey):
        fresh = type(row)(**{field.attname: getattr(row, field.attname)})
        try:
            return getattr(fresh, field.name) is not None
        except ObjectDoesNotExist:
            return False
    if not isinstance(field, models.ForeignObjectRel) or field.hidden:
        return False
    name = str(field.get_accessor_name())
    if isinstance(field, models.OneToOneRel):
        return hasattr(row, name)
    return bool(getattr(row, name).exists())
