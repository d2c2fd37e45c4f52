"""Which plan an organisation has."""

from django.db import models

from hikae.cloud.people.tenancy import TenantEntity


class HeldPlan(TenantEntity):
    """The plan that an organisation has, by its code, since when."""

    plan = models.CharField(max_length=40)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation"], name="one_plan_an_organisation")
        ]

    def __str__(self) -> str:
        return self.plan
