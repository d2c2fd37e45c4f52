"""Tells Django of this part."""

from django.apps import AppConfig


class StatementsConfig(AppConfig):
    """Books."""

    name = "hikae.cloud.statements"
    label = "statements"
