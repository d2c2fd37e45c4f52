"""Texts for programs that read cp932: measured codes, and nothing lost in silence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikae.formats.writers.cp932 import in_cp932
from hikae.formats.writers.writer import Loss, kept


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("〜", "8160"),
        ("～", "8160"),
        ("−", "817c"),
        ("—", "815c"),
        ("‖", "8161"),
        ("¢£¬", "8191819281ca"),
        ("¥", "818f"),
        ("·", "8145"),
        ("①㈱Ⅰ", "8740878a8754"),
        ("か\u3099", "82aa"),
        ("𠮷", "81ac"),
        ("é€", "81ac81ac"),
    ],
)
def test_signs_get_the_code_that_windows_has_for_them(text: str, code: str) -> None:
    assert in_cp932(text).encode("cp932").hex() == code


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 20))
def test_a_cut_text_is_a_beginning_that_fits(text: str, longest: int) -> None:
    cut = in_cp932(text, longest)
    assert len(cut.encode("cp932")) <= longest
    assert in_cp932(text).startswith(cut)


@pytest.mark.parametrize(
    ("text", "lost"),
    [("〜10日", False), ("𠮷田", True), ("髙﨑", False), ("①㈱", False), ("カフェ é", True)],
)
def test_another_code_of_the_same_sign_is_no_loss(text: str, lost: bool) -> None:
    losses: list[Loss] = []
    kept(losses.append, 1, "摘要", text, in_cp932(text))
    assert bool(losses) == lost
