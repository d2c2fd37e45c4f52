"""Sentences that desktop and web say alike."""

from datetime import UTC, datetime

from hikae.model.language import Language
from hikae.model.sentences import fetched, unsent, windows_asks

JA, EN = Language.JAPANESE, Language.ENGLISH
MORNING = datetime(2026, 11, 24, 0, 5, tzinfo=UTC)


def test_a_finished_fetch_says_how_many_rows_are_new_and_when() -> None:
    assert fetched(12, MORNING, JA) == "取得完了 新しい明細12件 2026年11月24日(火) 9:05"
    assert fetched(1, MORNING, EN) == "Fetched, 1 new transaction, Tue 24 November 2026, 9:05"


def test_a_hidden_permission_window_is_said_with_what_to_do() -> None:
    assert windows_asks(JA) == (
        "Windowsが確認を待っています。別の画面の下を探し、内容を確かめて許可してください。"
    )
    assert "behind other windows" in windows_asks(EN)


def test_what_is_unsent_is_counted() -> None:
    assert unsent(3, JA) == "未送信の明細が3件あります。先に[送信]を押してください。"
    assert unsent(1, EN) == "1 transaction has not been sent. Press [Send] first."
    assert unsent(3, EN) == "3 transactions have not been sent. Press [Send] first."
