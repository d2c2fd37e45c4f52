"""Tells Django of this part."""

from django.apps import AppConfig
from django.conf import settings

from hikae.cloud.plans.offered import Plans, read_plans


class PlansConfig(AppConfig):
    """Plans, read once at the start; without a file of them everything is on."""

    name = "hikae.cloud.plans"
    label = "plans"

    def ready(self) -> None:
        """Read what is offered; raises PlansError naming the file."""
        file = settings.HIKAE_PLANS
        self.offered: Plans | None = read_plans(file) if file else None
