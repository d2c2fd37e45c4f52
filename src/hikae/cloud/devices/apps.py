"""Tells Django of this part."""

from django.apps import AppConfig


class DevicesConfig(AppConfig):
    """Enrolled PCs."""

    name = "hikae.cloud.devices"
    label = "devices"
