"""What kinds of things are called on screens."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hikae.cloud.people.models import Role
from hikae.model.account import AccountKind
from hikae.model.statement import Channel, TransactionKind

ROLES: Mapping[str, Promise] = {
    Role.OWNER: _("オーナー"),
    Role.STAFF: _("担当者"),
    Role.VIEWER: _("閲覧"),
    Role.ACCOUNTANT: _("税理士など"),
}

ACCOUNT_KINDS: Mapping[str, Promise] = {
    AccountKind.ORDINARY: _("普通"),
    AccountKind.CURRENT: _("当座"),
    AccountKind.TAX: _("納税準備"),
    AccountKind.SAVINGS: _("貯蓄"),
    AccountKind.NOTICE: _("通知"),
    AccountKind.TIME: _("定期"),
    AccountKind.INSTALMENT: _("積立定期"),
    AccountKind.OTHER: _("その他"),
}

TRANSACTION_KINDS: Mapping[str, Promise] = {
    TransactionKind.CASH: _("現金"),
    TransactionKind.TRANSFER: _("振込"),
    TransactionKind.CHEQUE_DEPOSIT: _("他店券入金"),
    TransactionKind.CLEARING: _("交換"),
    TransactionKind.BOOK_TRANSFER: _("振替"),
    TransactionKind.RENEWAL: _("継続"),
    TransactionKind.CORRECTION: _("訂正"),
    TransactionKind.OTHER: _("その他"),
}

CHANNELS: Mapping[str, Promise | str] = {
    Channel.PAGE: _("銀行の画面"),
    Channel.ANSER_CSV: _("ANSER形式のCSV"),
    Channel.ZENGIN: _("全銀協規定形式"),
    Channel.BANK_CSV: _("銀行のCSV"),
    Channel.OFX: "OFX",
}
