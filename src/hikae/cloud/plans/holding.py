"""What the organisation being worked for may use by its plan, and giving it another one."""

from datetime import datetime

from django.apps import apps
from django.db import transaction

from hikae.cloud.devices.commands import refresh
from hikae.cloud.devices.models import Assignment
from hikae.cloud.pages.language import language
from hikae.cloud.people import audit
from hikae.cloud.people.tenancy import required_tenant
from hikae.cloud.plans.models import HeldPlan
from hikae.cloud.plans.offered import Plan, Plans
from hikae.model.language import Language
from hikae.model.problems import Problem, ProblemCode, ProblemError


class PlanRequiredError(ProblemError):
    """The plan does not include fetching with client certificates."""


def offered() -> Plans | None:
    """The plans of this cloud; None where everything is on, as on one PC or in one office."""
    found: object = getattr(apps.get_app_config("plans"), "offered", None)
    return found if isinstance(found, Plans) else None


def held() -> Plan | None:
    """The plan of the organisation being worked for; None where there are none."""
    plans = offered()
    if plans is None:
        return None
    row = HeldPlan.objects.first()
    return plans.held(row.plan if row else "")


def may_link() -> bool:
    """Whether the organisation being worked for may fetch with client certificates."""
    plan = held()
    return plan is None or plan.certificate_linking


def require_linking() -> None:
    """Raise PlanRequiredError where the plan does not include client certificates."""
    if not may_link():
        raise PlanRequiredError(plan_required())


def plan_required() -> Problem:
    """plan_required, naming the plans that do include them in the reader's language."""
    plans = offered()
    names = [plan.named(language()) for plan in plans.with_linking()] if plans else []
    between = "、" if language() is Language.JAPANESE else ", "
    return Problem(ProblemCode.PLAN_REQUIRED, {"plan": between.join(names)} if names else {})


@transaction.atomic
def give(code: str, by: str, now: datetime) -> Plan:
    """Give the organisation being worked for a plan; its PCs hear of it at once.

    by: whom the audit log names. Raises LookupError for a plan that is not offered.
    """
    plans = offered()
    plan = plans.find(code) if plans else None
    if plan is None:
        raise LookupError(f"no plan {code}")
    organisation = required_tenant()
    HeldPlan.objects.update_or_create(
        organisation_id=organisation, defaults={"plan": code, "since": now}
    )
    for assignment in Assignment.objects.filter(ended_at=None):
        refresh(assignment.device_id, now)
    audit.record("plan.given", actor=by, subject=organisation, now=now, details={"plan": code})
    return plan
