"""Tells Django of this part."""

from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    """Banks."""

    name = "hikae.cloud.institutions"
    label = "institutions"
