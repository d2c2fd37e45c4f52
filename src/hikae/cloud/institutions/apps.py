"""Tells Django of this part."""

from django.apps import AppConfig
from django.conf import settings

from hikae.catalogue.catalogue import load_catalogue
from hikae.catalogue.directory import load_directory
from hikae.cloud.institutions.offer import Offer


class InstitutionsConfig(AppConfig):
    """Banks, read once at the start; a local folder adds those to try things with."""

    name = "hikae.cloud.institutions"
    label = "institutions"

    def ready(self) -> None:
        """Read catalogue and directory; raises CatalogueError naming file and key."""
        self.offer = Offer(load_catalogue(settings.HIKAE_CATALOGUE), load_directory())
