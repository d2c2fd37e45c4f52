"""The note that a page carries where the plan does not include client certificates."""

from django import template

from hikae.cloud.connections.remarks import Remark, told
from hikae.cloud.plans.holding import may_link, plan_required

register = template.Library()


@register.inclusion_tag("plans/_note.html")
def plan_note() -> dict[str, Remark | None]:
    """Which plans include them, with the way there; nothing where they are included."""
    return {"remark": None if may_link() else told(plan_required())}
