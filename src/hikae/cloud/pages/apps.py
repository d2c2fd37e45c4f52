"""The app that carries the template tags of every page."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """No models: only what pages share."""

    name = "hikae.cloud.pages"
