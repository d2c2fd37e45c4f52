"""Remembering the proofs of requests that must not be carried out twice."""

from datetime import datetime

from hikae.cloud.devices.models import UsedProof
from hikae.cloud.people.tenancy import required_tenant
from hikae.link.proof import MEMORABLE, Proof, ProofError
from hikae.model.problems import Problem, ProblemCode


def use(proof: Proof, now: datetime) -> None:
    """Use a verified proof up, in all processes; raises ProofError when it was used before."""
    _, new = UsedProof.objects.get_or_create(
        device_id=proof.device,
        nonce=proof.nonce,
        defaults={"organisation_id": required_tenant(), "used_at": now},
    )
    if not new:
        raise ProofError(Problem(ProblemCode.CLOUD_REJECTED, {"part": "replayed"}))


def forget_used(now: datetime) -> None:
    """Forget the proofs that their time of creation alone has refused by now."""
    UsedProof.objects.filter(used_at__lt=now - MEMORABLE).delete()
