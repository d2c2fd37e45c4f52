"""Addresses of the books."""

from django.urls import path

from hikae.cloud.statements import views

app_name = "statements"
urlpatterns = [
    path("", views.accounts, name="accounts"),
    path("transactions", views.transactions, name="transactions"),
    path("transactions/<uuid:transaction_id>", views.transaction, name="transaction"),
]
