"""Tells Django of this part."""

from django.apps import AppConfig
from prometheus_client import disable_created_metrics

from hikae.cloud.watching.counters import Counters
from hikae.cloud.watching.readiness import Readiness


class WatchingConfig(AppConfig):
    """Watching over the cloud, and what this process knows of itself."""

    name = "hikae.cloud.watching"
    label = "watching"

    def ready(self) -> None:
        """Begin with nothing counted and nothing looked at."""
        disable_created_metrics()
        self.counters = Counters()
        self.readiness = Readiness()
