"""Remembering the proofs of requests that must not be carried out twice."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection

from hikae.cloud.devices.models import UsedProof
from hikae.cloud.people.tenancy import required_tenant
from hikae.link.proof import MEMORABLE, Proof, ProofError
from hikae.model.problems import Problem, ProblemCode

_USE = (
    f"INSERT INTO {UsedProof._meta.db_table} ({{}})"  # noqa: S608, SLF001 - names of the schema
    " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (device_id, nonce) DO NOTHING"
)


def use(proof: Proof, now: datetime) -> None:
    """Use a verified proof up, in all processes; raises ProofError when it was used before."""
    fields = {
        "id": uuid4(),
        "organisation_id": required_tenant(),
        "device_id": proof.device,
        "nonce": proof.nonce,
        "used_at": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_USE.format(", ".join(fields)), _written(fields))
        new = cursor.rowcount
    if not new:
        raise ProofError(Problem(ProblemCode.CLOUD_REJECTED, {"part": "replayed"}))


def forget_used(now: datetime) -> None:
    """Forget the proofs that their time of creation alone has refused by now."""
    UsedProof.objects.filter(used_at__lt=now - MEMORABLE).delete()


def _written(fields: Mapping[str, object]) -> list[Any]:
    """Values as this database keeps them."""
    kinds = {field.attname: field for field in UsedProof._meta.concrete_fields}  # noqa: SLF001
    return [kinds[name].get_db_prep_save(value, connection) for name, value in fields.items()]
