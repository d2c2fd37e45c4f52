"""Addresses of ファイル取込."""

from django.urls import path

from hikae.cloud.statements.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.listed, name="files"),
    path("upload", views.upload, name="upload"),
    path("<uuid:file_id>", views.file, name="file"),
    path("<uuid:file_id>/owner", views.owner, name="owner"),
    path("<uuid:file_id>/take", views.take, name="take"),
    path("<uuid:file_id>/forget", views.forget, name="forget"),
    path("<uuid:file_id>/content", views.download, name="download"),
]
