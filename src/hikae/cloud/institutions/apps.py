"""Tells Django of this part."""

from django.apps import AppConfig
from django.conf import settings

from hikae.catalogue.catalogue import load_catalogue


class InstitutionsConfig(AppConfig):
    """Banks, read once at the start; a local folder adds those to try things with."""

    name = "hikae.cloud.institutions"
    label = "institutions"

    def ready(self) -> None:
        """Read the catalogue; raises CatalogueError naming file and key."""
        self.catalogue = load_catalogue(settings.HIKAE_CATALOGUE)
