"""The vocabulary of BizSOL screens, and the list of what its dialog may press and reach.

Each meaning is a set of synonyms seen in banks' published manuals; a bank's data file narrows
them. Nothing here moves money, changes a setting, or marks rows as read: the buttons of the plain
inquiry are absent from the choices, and registration, renewal and transfer from the buttons.
"""

from dataclasses import dataclass

from hikae.banks.connector import Reach
from hikae.banks.labels import Vocabulary
from hikae.catalogue.catalogue import CatalogueError
from hikae.catalogue.institution import Institution

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Buttons(Vocabulary):
    """What is pressed."""

    certificate_login: Words = ("電子証明書ログイン", "電子証明書方式ログイン", "ログイン")
    log_in: Words = ("ログイン", "ログオン")
    decline: Words = (
        "変更しない",
        "今は変更しない",
        "後で",
        "後で変更する",
        "後で登録する",
        "後で行う",
        "後で更新する",
        "あとで",
    )
    onward: Words = ("次へ", "次へ進む")
    answer: Words = ("認証確認", "認証", "認証する", "ログイン", "次へ")
    inquiries: Words = ("明細照会", "残高・明細照会", "照会・明細")
    statements: Words = ("入出金明細照会", "入出金明細照会[ANSER]")
    inquire: Words = ("照会", "照会する", "照会実行")
    anser_file: Words = (
        "ファイル取得(ANSER形式)",
        "ANSER形式",
        "ANSER形式ファイル取得",
        "ファイル取得(CSV形式)",
        "CSV形式",
        "ファイル取得",
    )
    zengin_file: Words = (
        "ファイル取得(全銀形式)",
        "全銀形式",
        "全銀形式ファイル取得",
        "ファイル取得(全銀協規定形式)",
        "全銀協規定形式",
    )
    next_rows: Words = ("次ページ", "次頁", "次の明細")
    conditions: Words = ("照会条件へ戻る", "照会条件変更", "条件変更", "別の条件で照会", "戻る")
    home: Words = ("ホームへ", "ホーム", "トップページへ", "トップへ")
    log_out: Words = ("ログアウト", "ログオフ")


@dataclass(frozen=True, slots=True)
class Fields(Vocabulary):
    """What is filled in or chosen."""

    password: Words = ("ログインパスワード", "ログオンパスワード")
    one_time_password: Words = ("ワンタイムパスワード", "可変パスワード")
    question: Words = ("回答", "答え", "追加認証の回答")
    by_date: Words = ("日付範囲指定", "日付範囲", "期間指定")
    period: Words = ("日付範囲指定", "日付範囲", "期間指定", "照会期間", "期間", "照会日付")
    first_day: Words = ("開始日", "照会開始日", "日付(自)", "自", "から")
    last_day: Words = ("終了日", "照会終了日", "日付(至)", "至", "まで")


def words_of(institution: Institution) -> tuple[Buttons, Fields]:
    """The vocabulary as this bank uses it; raises CatalogueError for words that are not known."""
    buttons, fields = Buttons(), Fields()
    for meaning in institution.labels:
        if not hasattr(buttons, meaning) and not hasattr(fields, meaning):
            file = f"{institution.code}.toml"
            raise CatalogueError(file, f"labels.{meaning}", "no such meaning in this family")
    return buttons.narrowed(institution), fields.narrowed(institution)


PRESSES = Buttons().spoken()
"""All that this dialog ever presses."""

LOOKING = Buttons().spoken(
    *("inquiries", "statements", "inquire", "conditions", "next_rows"),
    *("anser_file", "zengin_file", "home", "log_out"),
)
"""What is pressed once one is in; the words of signing in lead nowhere but to signing in."""


def _screens(letters: str, numbers: str = r"\d{3}") -> str:
    """Paths of the screens whose ids begin with these letters.

    They are as seen in public: /0138c/rblgi01/I1RBLGI01-S01.do for the first page and
    /WUC_USR0104/rblgi01/BLGI001-BLGI001Info.do behind it. The letters of a group are those of its
    screens, so that a screen of another business is not among them, whatever its group is called.
    """
    screen = rf"(?P=letters){numbers}-(?P=letters){numbers}[a-z]*"
    first = r"i1r(?P=letters)\d\d-s\d\d"
    return rf"(?i)/[0-9a-z_]+/r(?P<letters>{letters})\d\d/(?:{screen}|{first})\.do"


_SIGNING_IN = _screens("blgi")
_TOP = _screens("btop|bpt")
_CHOICE_OF_BUSINESS = _screens("bssk", "001")
_INQUIRY = _screens("b(?![fklrst])[a-z]{2,3}")
"""The ids of the inquiry screens are not published, so their place is what no other business has:
BF.. and BSF.., BSG.. are transfers, BK.. the company's data, BL.. signing in and login IDs, BR..
users, BSMS certificates, BSSK007 the confirmation of an operation, BT.. the top page."""

REACHES = frozenset(
    {
        *(Reach(method, "*", path) for method in ("GET", "POST") for path in (_SIGNING_IN, _TOP)),
        *(Reach("POST", "*", path, LOOKING) for path in (_CHOICE_OF_BUSINESS, _INQUIRY)),
    }
)
"""All places that it ever sends a request to, on the institution's own hosts. The sites go from
form to form, so only signing in and the top page are ever opened by address."""
