"""Addresses of what people choose about themselves."""

from django.urls import path

from hikae.cloud.people import ownership_views, views

app_name = "people"
urlpatterns = [
    path("language", views.language, name="language"),
    path("organisation", views.organisation, name="organisation"),
    path("owner", ownership_views.owner, name="owner"),
    path("owner/offer", ownership_views.offer, name="offer"),
    path("owner/<uuid:offer_id>/accept", ownership_views.accept, name="accept"),
    path("owner/<uuid:offer_id>/end", ownership_views.end, name="end_offer"),
]
