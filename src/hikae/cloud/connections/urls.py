"""Addresses of registrations and 追加認証."""

from django.urls import path

from hikae.cloud.connections import challenge_views, views

app_name = "connections"
urlpatterns = [
    path("", views.registrations, name="list"),
    path("live", views.live, name="live"),
    path("new/<str:code>", views.register, name="register"),
    path("<uuid:connection_id>/edit", views.edit, name="edit"),
    path("<uuid:connection_id>/details", views.details, name="details"),
    path("<uuid:connection_id>/accounts/<uuid:account_id>", views.take, name="take"),
    path("<uuid:connection_id>/stop", views.stop, name="stop"),
    path("<uuid:connection_id>/resume", views.resume, name="resume"),
    path("<uuid:connection_id>/delete", views.delete, name="delete"),
    path("<uuid:connection_id>/fetch", views.fetch, name="fetch"),
    path("<uuid:connection_id>/cancel", views.cancel, name="cancel"),
    path("<uuid:connection_id>/challenge", challenge_views.challenge, name="challenge"),
    path("<uuid:connection_id>/challenge/live", challenge_views.live, name="challenge_live"),
    path("<uuid:connection_id>/challenge/again", challenge_views.start_again, name="start_again"),
    path("challenges/<uuid:challenge_id>", challenge_views.answer, name="answer"),
]
