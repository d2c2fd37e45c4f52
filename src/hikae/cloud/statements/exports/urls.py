"""Addresses of 出力."""

from django.urls import path

from hikae.cloud.statements.exports import views

app_name = "exports"
urlpatterns = [
    path("", views.listed, name="list"),
    path("new", views.new, name="new"),
    path("<uuid:export_id>", views.export, name="export"),
    path("<uuid:export_id>/names", views.names, name="names"),
    path("<uuid:export_id>/make", views.make, name="make"),
    path("<uuid:export_id>/forget", views.forget, name="forget"),
    path("<uuid:export_id>/undo", views.undo, name="undo"),
    path("<uuid:export_id>/content", views.download, name="download"),
]
