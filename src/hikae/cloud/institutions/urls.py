"""Addresses of the catalogue's pages."""

from django.urls import path

from hikae.cloud.institutions import views

app_name = "institutions"
urlpatterns = [path("", views.search, name="search")]
