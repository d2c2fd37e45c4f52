"""Sentences that desktop and web say alike and that are no Problem."""

from datetime import datetime

from hikae.model.language import Language
from hikae.model.time_words import moment_words


def fetched(new: int, ended_at: datetime, language: Language) -> str:
    """A fetch is done and brought `new` transactions."""
    moment = moment_words(ended_at, language)
    if language is Language.JAPANESE:
        return f"取得完了 新しい明細{new:,}件 {moment}"
    return f"Fetched, {new:,} new transaction{'' if new == 1 else 's'}, {moment}"


def windows_asks(language: Language) -> str:
    """The key's permission window is open, perhaps behind another one."""
    if language is Language.JAPANESE:
        return "Windowsが確認を待っています。別の画面の下を探し、内容を確かめて許可してください。"
    return (
        "Windows is waiting for your confirmation. "
        "Look behind other windows, check what it says, and allow it."
    )


def unsent(count: int, language: Language) -> str:
    """Before this PC is released: `count` transactions have not reached the cloud."""
    if language is Language.JAPANESE:
        return f"未送信の明細が{count:,}件あります。先に[送信]を押してください。"
    if count == 1:
        return "1 transaction has not been sent. Press [Send] first."
    return f"{count:,} transactions have not been sent. Press [Send] first."
