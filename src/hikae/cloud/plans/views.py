"""プラン: what is offered, what the organisation has, and where another one is ordered."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hikae.cloud.pages.access import MemberRequest, for_members
from hikae.cloud.pages.language import language
from hikae.cloud.plans.holding import held, offered
from hikae.cloud.plans.offered import Plan


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """A plan in the reader's language; held: the organisation has it."""

    name: str
    linking: bool
    order: str
    held: bool


@dataclass(frozen=True, slots=True)
class ShownProduct:
    """A product in the reader's language."""

    name: str
    plans: tuple[ShownPlan, ...]


@require_GET
@for_members
def plans(request: MemberRequest) -> HttpResponse:
    """All plans; where everything is on there is no such page."""
    all_plans, own = offered(), held()
    if all_plans is None or own is None:
        raise Http404
    products = [
        ShownProduct(product.named(language()), tuple(_shown(plan, own) for plan in product.plans))
        for product in all_plans.products
    ]
    return render(request, "plans/plans.html", {"products": products})


def _shown(plan: Plan, own: Plan) -> ShownPlan:
    return ShownPlan(
        plan.named(language()), plan.certificate_linking, plan.order, plan.code == own.code
    )
