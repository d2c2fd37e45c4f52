"""Addresses of 期末残高一覧."""

from django.urls import path

from hikae.cloud.statements.balances import views

app_name = "balances"
urlpatterns = [
    path("", views.listed, name="list"),
    path("paper", views.paper, name="paper"),
]
