"""Tells Django of this part."""

from django.apps import AppConfig

from hikae.cloud.devices.endings import Journals
from hikae.cloud.devices.switchboard import Switchboard


class DevicesConfig(AppConfig):
    """Enrolled PCs, and the links and journals that are open in this process."""

    name = "hikae.cloud.devices"
    label = "devices"

    def ready(self) -> None:
        """Begin with no link open and no journal read."""
        self.switchboard = Switchboard()
        self.journals = Journals()
