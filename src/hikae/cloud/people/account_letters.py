"""The letters about somebody's account: confirming, a new password, and what was changed."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from hikae.cloud.mail import Letter
from hikae.cloud.people.models import User


def letter(name: str, context: Mapping[str, object]) -> Letter:
    """The letter that allauth means by the name of a template; raises KeyError for no letter."""
    kind = name.rpartition("/")[2]
    match kind:
        case "email_confirmation" | "email_confirmation_signup":
            return _confirm(str(context["activate_url"]))
        case "password_reset_key":
            return _new_password(str(context["password_reset_url"]))
        case "account_already_exists":
            return _known_already(str(context["password_reset_url"]))
        case _:
            return _changed(kind)


def invitation(by: User, books: str, address: str) -> Letter:
    """What somebody gets who is asked to join. books: the organisation; none for a client."""
    words = (
        _("%(name)sさんから、「%(books)s」のメンバーに招待されました。")
        if books
        else _("%(name)sさんから、銀行の明細をHikaeで共有するよう招待されました。")
    )
    return Letter(
        subject=_("Hikae: %(name)sさんからの招待") % {"name": by},
        paragraphs=(
            words % {"name": by, "books": books},
            _("次のリンクを7日以内に開いてください。案内のとおりに進めると、すぐに使えます。"),
        ),
        link=(_("招待を受ける"), address),
        ending=_("お心当たりがないときは、このメールを削除してください。"),
    )


def _confirm(address: str) -> Letter:
    return Letter(
        subject=_("Hikae: メールアドレスの確認"),
        paragraphs=(
            _(
                "このメールアドレスでHikaeの登録を受け付けました。次のリンクを開いて、登録を終えてください。"
            ),
        ),
        link=(_("メールアドレスを確認する"), address),
        ending=_("お心当たりがないときは、このメールを削除してください。登録は行われません。"),
    )


def _new_password(address: str) -> Letter:
    return Letter(
        subject=_("Hikae: パスワードの再設定"),
        paragraphs=(_("次のリンクを1時間以内に開いて、新しいパスワードを決めてください。"),),
        link=(_("新しいパスワードを決める"), address),
        ending=_(
            "お心当たりがないときは、このメールを削除してください。パスワードは変わりません。"
        ),
    )


def _known_already(address: str) -> Letter:
    return Letter(
        subject=_("Hikae: このメールアドレスは登録済みです"),
        paragraphs=(
            _("このメールアドレスで新しい登録の申し込みがありましたが、すでに登録されています。"),
            _("パスワードをお忘れのときは、次のリンクから決め直せます。"),
        ),
        link=(_("パスワードを決め直す"), address),
        ending=_("お心当たりがないときは、このメールを削除してください。"),
    )


def _changed(kind: str) -> Letter:
    what = {
        "password_changed": _("パスワードが変更されました。"),
        "password_reset": _("パスワードが決め直されました。"),
        "password_set": _("パスワードが決められました。"),
        "totp_activated": _("認証アプリが登録されました。"),
        "totp_deactivated": _("認証アプリが使われなくなりました。"),
        "webauthn_added": _("パスキーが登録されました。"),
        "webauthn_removed": _("パスキーが削除されました。"),
        "recovery_codes_generated": _("新しい回復コードが作られました。"),
    }[kind]
    return Letter(
        subject=_("Hikae: ログイン方法が変わりました"),
        paragraphs=(
            what,
            _(
                "お心当たりがないときは、すぐにパスワードを変え、ほかの端末からログアウトしてください。"
            ),
        ),
    )
