"""What a card of 登録済一覧 says and offers in each situation."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import translation

from hikae.cloud.connections.cards import Card, card
from hikae.cloud.connections.losing import Losing
from hikae.cloud.connections.registered import (
    NewestFetch,
    Registered,
    RegisteredAccount,
    ServingDevice,
)
from hikae.link.messages import CertificateShown
from hikae.model.account import AccountKind
from hikae.model.clock import japan_day
from hikae.model.fetch import FetchState
from hikae.model.problems import Problem, ProblemCode

NOW = datetime(2026, 11, 23, 5, 5, tzinfo=UTC)
PC = uuid4()

READY = Registered(
    id=uuid4(),
    institution="0138",
    accounts=(),
    device=ServingDevice(PC, "KEIRI-01", on=True),
    has_login=True,
    enabled=True,
    stopped=False,
    certificate=None,
    next_fetch_at=None,
    fetch=None,
    last_success=None,
    challenge_ends=None,
    problem=None,
)


def fetched(state: FetchState, problem: Problem | None = None) -> NewestFetch:
    return NewestFetch(uuid4(), state, NOW, "", 0, 12, problem)


def failed(code: ProblemCode) -> Registered:
    return replace(READY, fetch=fetched(FetchState.FAILED, Problem(code)))


def offered(drawn: Card) -> tuple[str, str, bool]:
    """State, the thing to do now, and whether 再取得 is beside it."""
    return drawn.state.words, drawn.next.words if drawn.next else "", drawn.may_fetch


@pytest.mark.parametrize(
    ("row", "offer"),
    [
        (replace(READY, device=None), ("設定待ち", "連携ソフトで設定する", False)),
        (replace(READY, has_login=False), ("設定待ち", "ログイン情報を入力", False)),
        (replace(READY, enabled=False), ("設定待ち", "", False)),
        (replace(READY, stopped=True), ("停止中", "再開", False)),
        (replace(READY, device=None, by_file=True), ("ファイル取込のみ", "ファイル取込", False)),
        (READY, ("未取得", "", True)),
        (replace(READY, fetch=fetched(FetchState.QUEUED)), ("待機中", "", False)),
        (replace(READY, fetch=fetched(FetchState.DONE)), ("取得完了", "", True)),
        (failed(ProblemCode.WRONG_PASSWORD), ("失敗", "ログイン情報を直す", False)),
        (failed(ProblemCode.ACCOUNT_LOCKED), ("失敗", "ログイン情報を直す", False)),
        (failed(ProblemCode.CHALLENGE_TIMEOUT), ("失敗", "もう一度始める", False)),
        (failed(ProblemCode.NOTICE_PENDING), ("失敗", "再取得", False)),
        (failed(ProblemCode.BANK_UNREACHABLE), ("失敗", "", True)),
    ],
)
def test_one_thing_to_do_is_offered(row: Registered, offer: tuple[str, str, bool]) -> None:
    with translation.override("ja"):
        assert offered(card(row, NOW)) == offer


def test_a_waiting_question_comes_before_everything_else() -> None:
    waiting = replace(
        READY,
        fetch=fetched(FetchState.WAITING),
        challenge_ends=NOW + timedelta(seconds=200),
    )
    with translation.override("ja"):
        drawn = card(waiting, NOW)
    assert offered(drawn) == ("要追加入力", "追加認証を入力", False)
    assert drawn.remark is not None
    said = drawn.remark.text
    assert said == "銀行が追加認証を求めています(残り4分)。[追加認証を入力]を押してください。"


def test_a_queued_fetch_says_which_pc_to_switch_on() -> None:
    off = replace(
        READY, fetch=fetched(FetchState.QUEUED), device=ServingDevice(PC, "KEIRI-01", on=False)
    )
    with translation.override("ja"):
        drawn = card(off, NOW)
    assert drawn.remark is not None
    assert drawn.remark.message == "パソコン KEIRI-01 につながりません。"


@pytest.mark.parametrize(("days", "left"), [(41, None), (40, 40), (0, 0), (-2, -2)])
def test_the_days_of_a_certificate_are_counted_once_they_are_few(
    days: int, left: int | None
) -> None:
    ends = CertificateShown("ab" * 20, "MIHON0001", "CN=CA", NOW + timedelta(days=days))
    drawn = card(replace(READY, certificate=ends), NOW)
    assert drawn.certificate is not None
    assert drawn.certificate.days_left == left


def test_a_card_is_drawn_anew_only_when_something_on_it_changes() -> None:
    later = NOW + timedelta(seconds=2)
    assert card(READY, NOW).shown == card(READY, later).shown
    changed = replace(READY, device=ServingDevice(PC, "KEIRI-01", on=False))
    assert card(READY, NOW).shown != card(changed, NOW).shown
    assert card(changed, NOW).has_state_of(card(READY, NOW).shown)


def test_every_problem_has_a_card_in_both_languages() -> None:
    for code in ProblemCode:
        for language in ("ja", "en"):
            with translation.override(language):
                drawn = card(failed(code), NOW)
            assert drawn.remark is not None
            assert drawn.remark.message
            assert drawn.remark.code == code


ACCOUNT = RegisteredAccount(uuid4(), "本店", AccountKind.ORDINARY, "1234567", taken=True)


def newest_days(*days: int | None) -> Registered:
    """A registration whose accounts are covered until so many days ago; the window is 62 days."""
    today = japan_day(NOW)
    accounts = (
        replace(ACCOUNT, covered_until=None if back is None else today - timedelta(days=back))
        for back in days
    )
    return replace(READY, accounts=tuple(accounts))


def test_days_that_a_bank_soon_shows_no_more_are_marked_with_the_date() -> None:
    assert card(newest_days(48), NOW).losing is None
    drawn = card(newest_days(49), NOW)
    assert drawn.losing == Losing(date(2026, 10, 6), date(2026, 12, 7), over=False)


def test_what_a_bank_shows_no_more_is_said_to_be_lost_there() -> None:
    kept, lost = card(newest_days(63), NOW).losing, card(newest_days(64), NOW).losing
    assert kept is not None
    assert (kept.until, kept.over) == (japan_day(NOW), False)
    assert lost is not None
    assert lost.over


def test_the_account_that_is_furthest_behind_counts_unless_it_is_left_out_or_new() -> None:
    row = newest_days(1, 50, None)
    assert card(row, NOW).losing is not None
    left_out = replace(row.accounts[1], taken=False)
    without = replace(row, accounts=(row.accounts[0], left_out, row.accounts[2]))
    assert card(without, NOW).losing is None


def test_what_only_files_fill_loses_nothing_at_a_bank() -> None:
    assert card(replace(newest_days(200), by_file=True), NOW).losing is None


def test_where_the_plan_does_not_include_certificates_the_card_leads_to_the_plans() -> None:
    with translation.override("ja"):
        drawn = card(replace(READY, plan_allows=False), NOW)
    assert offered(drawn) == ("設定待ち", "プランを見る", False)
