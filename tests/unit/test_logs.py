"""Log lines: what they are about, what they never hold, and their two forms."""

import json
import logging
from collections.abc import Iterator
from contextvars import copy_context
from io import StringIO

import pytest

from hikae import logs
from hikae.logs import about, concerns, subject
from hikae.model.problems import Problem, ProblemCode, ProblemError

BALANCE, HEADING, BANK_WORDS = "残高 1,234,567円", "北町 花子 様", "お知らせ"


@pytest.fixture
def paper() -> StringIO:
    """What the lines are written on."""
    return StringIO()


@pytest.fixture(params=["", "json"])
def form(request: pytest.FixtureRequest) -> str:
    """Each value of HIKAE_LOG in turn."""
    return str(request.param)


@pytest.fixture
def log(paper: StringIO, form: str) -> Iterator[logging.Logger]:
    """A logger in this form."""
    handler = logging.StreamHandler(paper)
    handler.setFormatter(logs.formatter(form))
    log = logging.getLogger("hikae.test_logs")
    log.propagate = False
    log.setLevel(logging.DEBUG)
    log.addHandler(handler)
    yield log
    log.removeHandler(handler)


def fail(words: str) -> None:
    """What goes wrong somewhere below."""
    raise ValueError(words)


def test_a_line_says_what_is_worked_on(log: logging.Logger, paper: StringIO, form: str) -> None:
    with about(fetch="f-1"), about(request="r-2"):
        log.info("one")
    log.info("two")
    one, two = paper.getvalue().splitlines()
    if form == "json":
        assert {"fetch": "f-1", "request": "r-2", "message": "one"}.items() <= json.loads(
            one
        ).items()
        assert json.loads(two).keys() == {"time", "level", "logger", "message"}
    else:
        assert one.endswith(" INFO hikae.test_logs one fetch=f-1 request=r-2")
        assert two.endswith(" INFO hikae.test_logs two")


def test_what_a_line_was_given_itself_counts_before_what_is_worked_on(
    log: logging.Logger, paper: StringIO
) -> None:
    with about(fetch="f-1"):
        logging.LoggerAdapter(log, {"fetch": "f-2"}).info("line")
    assert "f-2" in paper.getvalue()
    assert "f-1" not in paper.getvalue()


def test_what_turns_out_on_the_way_is_named_until_the_end_of_the_work() -> None:
    with about(request="r-1"):
        concerns(fetch="f-1")
        assert (subject("request"), subject("fetch")) == ("r-1", "f-1")
        copy_context().run(concerns, fetch="f-2")
        assert subject("fetch") == "f-1"
    assert subject("fetch") is None
    concerns(fetch="f-3")
    assert subject("fetch") is None


def test_nothing_is_named_by_none() -> None:
    with about(fetch=None):
        assert subject("fetch") is None


def test_an_error_shows_its_way_and_not_its_words(log: logging.Logger, paper: StringIO) -> None:
    try:
        try:
            fail(BALANCE)
        except ValueError as error:
            problem = Problem(ProblemCode.SITE_CHANGED, {"heading": HEADING}, BANK_WORDS)
            raise ProblemError(problem) from error
    except ProblemError:
        log.exception("failed")
    told = paper.getvalue()
    assert "builtins.ValueError" in told
    assert "hikae.model.problems.ProblemError: site_changed" in told
    assert told.index("ValueError") < told.index("ProblemError")
    assert "in fail" in told
    for words in (BALANCE, HEADING, BANK_WORDS):
        assert words not in told


def test_an_error_that_was_put_aside_is_not_told(log: logging.Logger, paper: StringIO) -> None:
    try:
        try:
            fail("first")
        except ValueError:
            raise KeyError("second") from None
    except KeyError:
        log.exception("failed")
    assert "ValueError" not in paper.getvalue()


def test_no_text_can_pass_for_another_line(log: logging.Logger, paper: StringIO) -> None:
    log.info("%s", "one\n2026-11-23 INFO hikae two\x1b[2J\u2028\u202e")
    (line,) = paper.getvalue().splitlines()
    assert "\x1b" not in line


def test_a_line_of_json_is_utf_8_for_people_too(paper: StringIO) -> None:
    record = logging.LogRecord("hikae", logging.INFO, "", 0, "取得 %d", (3,), None)
    assert '"message": "取得 3"' in logs.formatter("json").format(record)


def test_a_form_that_there_is_not_is_refused() -> None:
    assert logs.form_of({}) == ""
    assert logs.form_of({"HIKAE_LOG": "json"}) == "json"
    with pytest.raises(ValueError, match="HIKAE_LOG must be json"):
        logs.form_of({"HIKAE_LOG": "xml"})
