"""Every address of the cloud."""

from django.urls import URLPattern, URLResolver, include, path

from hikae.cloud.agent_api.api import api
from hikae.cloud.people import sign_in_link
from hikae.cloud.watching import probes

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("hikae.cloud.pages.urls")),
    path("enter/<str:token>", sign_in_link.enter, name="sign_in_link"),
    path("agent/v1/", api.urls),
    path("healthz", probes.alive, name="alive"),
    path("readyz", probes.ready, name="ready"),
    path("metrics", probes.metrics, name="metrics"),
]
