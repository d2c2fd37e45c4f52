"""Addresses of the page 電子証明書連携."""

from django.urls import path

from hikae.cloud.devices import views

app_name = "devices"
urlpatterns = [
    path("", views.device, name="device"),
    path("live", views.live, name="live"),
    path("key", views.issue, name="issue"),
    path("<uuid:device_id>/confirm", views.confirm, name="confirm"),
    path("<uuid:device_id>/refuse", views.refuse, name="refuse"),
    path("<uuid:device_id>/release", views.release, name="release"),
]
