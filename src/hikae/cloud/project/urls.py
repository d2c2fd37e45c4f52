"""Every address of the cloud."""

from django.urls import URLPattern, URLResolver, include, path

from hikae.cloud.project import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("accounts/", include("allauth.account.urls")),
    path("", include("hikae.cloud.pages.urls")),
]
