"""Every page of the cloud, for the root to include."""

from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="connections:list"), name="home"),
    path("accounts/", include("hikae.cloud.people.account_urls")),
    path("people/", include("hikae.cloud.people.urls")),
    path("institutions/", include("hikae.cloud.institutions.urls")),
    path("connections/", include("hikae.cloud.connections.urls")),
    path("files/", include("hikae.cloud.statements.imports.urls")),
    path("exports/", include("hikae.cloud.statements.exports.urls")),
    path("plans/", include("hikae.cloud.plans.urls")),
    path("balances/", include("hikae.cloud.statements.balances.urls")),
    path("device/", include("hikae.cloud.devices.urls")),
    path("statements/", include("hikae.cloud.statements.urls")),
]
