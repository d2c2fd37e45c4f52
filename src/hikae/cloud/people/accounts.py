"""Who may make an account, and what allauth's mails and messages say."""

from collections.abc import Mapping

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hikae.cloud import mail
from hikae.cloud.people.account_letters import letter


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are open to all where the operator says so; else people are invited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's name
        """Whether the sign-up page is there."""
        return bool(settings.HIKAE_SIGN_UP)

    def pre_authenticate(self, request: HttpRequest, **credentials: object) -> None:
        """Nothing: tries are counted by address and name together (throttle.py)."""

    def send_mail(self, template_prefix: str, email: str, context: Mapping[str, object]) -> None:
        """Send one of allauth's mails in the cloud's own words; none leaves without a server."""
        if not mail.can_send():
            return
        with mail.in_language_of(context.get("user")):
            mail.send(letter(template_prefix, context), email)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - allauth's name
        """Where to go with the new password."""
        return reverse("mfa_index")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: Mapping[str, object] | None = None,  # noqa: ARG002 - the same
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what was done, where it does not show by itself."""
        words = message or _said(message_template or "")
        if words:
            messages.add_message(request, level, words, extra_tags=extra_tags)


_SAID = {
    "email_confirmed": _("メールアドレスを確認しました。"),
    "password_changed": _("パスワードを変更しました。"),
    "password_set": _("パスワードを変更しました。"),
    "totp_activated": _("認証アプリを登録しました。"),
    "totp_deactivated": _("認証アプリを使わないようにしました。"),
    "webauthn_added": _("パスキーを登録しました。"),
    "webauthn_removed": _("パスキーを削除しました。"),
    "recovery_codes_generated": _("新しい回復コードを作りました。前の回復コードは使えません。"),
    "sessions_logged_out": _("ほかの端末からログアウトしました。"),
}
"""What is said of what was done, by the name of allauth's template."""


def _said(template: str) -> str:
    return str(_SAID.get(template.rpartition("/")[2].removesuffix(".txt"), ""))
