"""Texts on one line that steer nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikae.formats.writers.plain import one_line, quoted_for_excel, widened

_TEXTS = st.text(st.characters() | st.sampled_from("=+-@\t\r\n\0\u2028"))


@given(_TEXTS)
def test_a_line_never_ends_within_a_text_and_can_always_be_encoded(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert len(line) == len(text)
    line.encode("utf-8")


@pytest.mark.parametrize("text", ["=1+1", "+81", "-5", "@SUM(A1)", "＝1", "\t=1", "\r=1", " =1"])
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(text: str) -> None:
    assert quoted_for_excel(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "振込", "A=1", "ア-ト", "'=1"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert quoted_for_excel(text) == text
    assert widened(text) == text


@pytest.mark.parametrize(
    ("text", "wide"), [("=1+1", "＝1+1"), ("+81", "＋81"), ("-5", "－5"), ("@a", "＠a")]
)
def test_for_programs_the_first_sign_becomes_full_width(text: str, wide: str) -> None:
    assert widened(text) == wide
