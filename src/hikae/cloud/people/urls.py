"""Addresses of what people choose about themselves."""

from django.urls import path

from hikae.cloud.people import views

app_name = "people"
urlpatterns = [
    path("language", views.language, name="language"),
    path("organisation", views.organisation, name="organisation"),
]
