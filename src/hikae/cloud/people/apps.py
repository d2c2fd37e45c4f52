"""Tells Django of this part."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People and organisations."""

    name = "hikae.cloud.people"
    label = "people"
