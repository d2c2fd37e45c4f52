"""Addresses of the books."""

from django.urls import path

from hikae.cloud.statements import views
from hikae.cloud.statements.closing import views as closing

app_name = "statements"
urlpatterns = [
    path("", views.accounts, name="accounts"),
    path("accounts/<uuid:account_id>", views.account, name="account"),
    path("closing", closing.months, name="closing"),
    path("closing/close", closing.close, name="close"),
    path("closing/reopen", closing.reopen, name="reopen"),
    path("closing/reopen/<uuid:account_id>", closing.reopen_account, name="reopen_account"),
    path("closing/<uuid:adjustment_id>", closing.adjust, name="adjust"),
    path("transactions", views.transactions, name="transactions"),
    path("transactions/<uuid:transaction_id>", views.transaction, name="transaction"),
]
