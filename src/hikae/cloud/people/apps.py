"""Tells Django of this part."""

from django.apps import AppConfig
from django.core.signals import request_started


class PeopleConfig(AppConfig):
    """People and organisations."""

    name = "hikae.cloud.people"
    label = "people"

    def ready(self) -> None:
        """Have each request begin behind the wall, on whatever connection."""
        from hikae.cloud.people.tenancy import start_request  # noqa: PLC0415 - it needs the apps

        request_started.connect(start_request)
