"""Tells Django of this part."""

from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    """Registrations with banks."""

    name = "hikae.cloud.connections"
    label = "connections"
