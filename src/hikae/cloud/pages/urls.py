"""Every page of the cloud, for the root to include."""

from allauth.account import views
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="connections:list"), name="home"),
    path("accounts/login/", views.login, name="account_login"),
    path("accounts/again/", views.reauthenticate, name="account_reauthenticate"),
    path("accounts/logout/", views.logout, name="account_logout"),
    path("people/", include("hikae.cloud.people.urls")),
    path("institutions/", include("hikae.cloud.institutions.urls")),
    path("connections/", include("hikae.cloud.connections.urls")),
    path("files/", include("hikae.cloud.statements.imports.urls")),
    path("exports/", include("hikae.cloud.statements.exports.urls")),
    path("plans/", include("hikae.cloud.plans.urls")),
    path("device/", include("hikae.cloud.devices.urls")),
    path("statements/", include("hikae.cloud.statements.urls")),
]
