"""Two organisations side by side, in which everything has happened, and what may not be seen."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.db import models

from hikae.cloud.people.models import Membership, User
from hikae.cloud.people.tenancy import TenantModel
from hikae.model.fetch import FetchState
from tests.office import ORDINARY, Office, daily

BANK = "0138"

_JAPANESE = re.compile("[぀-ヿ一-鿿]{4,}")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """ours: whose people and PC try; theirs: whose rows nobody of ours may touch."""

    ours: Office
    theirs: Office

    @property
    def us(self) -> UUID:
        """Our organisation."""
        return self.ours.organisation.id

    @property
    def them(self) -> UUID:
        """The other one."""
        return self.theirs.organisation.id


def tenant_models() -> list[type[TenantModel]]:
    """Every model whose rows belong to organisations."""
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


def table_of(model: type[models.Model]) -> str:
    """The name of its table."""
    return model._meta.db_table  # noqa: SLF001 - public


def furnish(office: Office) -> None:
    """Let everything happen in an organisation, then put a row where nothing did."""
    office.enrol()
    connection = office.register(BANK)
    office.enable(connection)
    office.deliver(connection, daily(ORDINARY, office.now, days=3))
    office.ask(connection, office.fetch(connection, FetchState.WAITING), "?")
    office.close_and_correct(connection)
    office.bring("meisai.txt")
    office.export("csv")
    with office.at_work():
        for model in tenant_models():
            if not model.objects.exists():
                specimen(model, office).save(force_insert=True)


def specimen(model: type[TenantModel], office: Office) -> TenantModel:
    """Any row of a model, in the organisation being worked for."""
    values: dict[str, object] = {}
    for field in model._meta.concrete_fields:  # noqa: SLF001 - public
        if field.has_default() or field.null:
            continue
        values[field.attname] = _any_value(field, office)
    return model(**values)


def _any_value(field: "models.Field[Any, Any]", office: Office) -> object:
    if isinstance(field, models.ForeignKey):
        referred = field.remote_field.model
        known: dict[type[models.Model], UUID] = {
            type(office.organisation): office.organisation.id,
            User: office.owner.id,
            type(office.pc): office.pc.id,
        }
        if issubclass(referred, TenantModel):
            return referred.objects.values_list("pk", flat=True)[0]
        return known[referred]
    by_kind: dict[type[models.Field[Any, Any]], object] = {
        models.DateTimeField: office.now,
        models.DateField: date(2026, 11, 2),
        models.UUIDField: uuid4(),
        models.BinaryField: b"[]",
        models.BooleanField: False,
    }
    kinds = (kind for kind in by_kind if isinstance(field, kind))
    kind = next(kinds, None)
    if kind is not None:
        return by_kind[kind]
    return 1 if isinstance(field, models.IntegerField) else "x"


def everything(office: Office) -> dict[str, list[tuple[object, ...]]]:
    """All that is kept of an organisation behind the wall, by table."""
    with office.at_work():
        return {
            table_of(model): sorted(model.objects.values_list(), key=str)
            for model in tenant_models()
        }


def ids_of(office: Office) -> set[UUID]:
    """Every id that means something in an organisation: of its rows, its PC and its people."""
    members = Membership.objects.filter(organisation=office.organisation)
    found = {office.organisation.id, office.pc.id, office.pc.auth_key_id}
    found |= {each for row in members.values_list("id", "user") for each in row}
    rows = (row for table in everything(office).values() for row in table)
    return found | {value for row in rows for value in row if isinstance(value, UUID)}


def one_id_of_each_kind(office: Office) -> list[UUID]:
    """Of every column that holds ids, one, and of everything that stands before the wall."""
    behind, found = everything(office), set[UUID]()
    for rows in behind.values():
        for column in zip(*rows, strict=True):
            found |= set([value for value in column if isinstance(value, UUID)][:1])
    known = {str(value) for rows in behind.values() for row in rows for value in row}
    return sorted(found | {each for each in ids_of(office) if str(each) not in known})


def words_of(office: Office) -> set[str]:
    """What only this organisation says: names, addresses, and the Japanese texts of its rows."""
    members = Membership.objects.filter(organisation=office.organisation)
    found = {office.organisation.name, *members.values_list("user__email", flat=True)}
    rows = (row for table in everything(office).values() for row in table)
    found |= {text for row in rows for value in row for text in _JAPANESE.findall(str(value))}
    return found


def told(answer: str, secrets: Iterable[object]) -> set[str]:
    """Which of the secrets stand in an answer."""
    return {text for text in map(str, secrets) if text in answer}
