"""How the state of a registration or a fetch looks: icon, word and colour together."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from hikae.model.fetch import FetchState


@dataclass(frozen=True, slots=True)
class State:
    """icon: of icons.svg. tone: the colour's class in the style sheet."""

    icon: str
    words: str
    tone: str = ""


def of_fetch(state: FetchState) -> State:
    """The look of a fetch."""
    match state:
        case FetchState.QUEUED:
            return State("queued", _("待機中"), "goes")
        case FetchState.RUNNING:
            return State("running", _("取得中"), "goes")
        case FetchState.WAITING:
            return State("waiting", _("要追加入力"), "wait")
        case FetchState.DONE:
            return State("done", _("取得完了"), "done")
        case FetchState.FAILED:
            return State("failed", _("失敗"), "fail")
        case FetchState.SKIPPED:
            return State("skipped", _("見送り"))


def stopped() -> State:
    """停止 on the page."""
    return State("stopped", _("停止中"))


def by_file() -> State:
    """Only imported files fill it."""
    return State("new", _("ファイル取込のみ"))


def not_served() -> State:
    """No PC serves it yet, or the PC has not enabled it."""
    return State("new", _("設定待ち"), "wait")


def not_yet_fetched() -> State:
    """Ready, but never fetched."""
    return State("new", _("未取得"))
