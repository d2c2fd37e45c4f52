"""The address of the plans."""

from django.urls import path

from hikae.cloud.plans import views

app_name = "plans"
urlpatterns = [path("", views.plans, name="plans")]
