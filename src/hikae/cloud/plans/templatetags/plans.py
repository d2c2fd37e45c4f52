"""What pages say of plans: nothing where none are offered."""

from django import template

from hikae.cloud.connections.remarks import Remark, told
from hikae.cloud.plans.holding import may_link, offered, plan_required

register = template.Library()


@register.simple_tag
def plans_are_offered() -> bool:
    """Whether there is a page of plans."""
    return offered() is not None


@register.inclusion_tag("plans/_note.html")
def plan_note() -> dict[str, Remark | None]:
    """Which plans include them, with the way there; nothing where they are included."""
    return {"remark": None if may_link() else told(plan_required())}
