"""What a bank has rejected waits for a person."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from hikae.agent.bounds import A_DAY
from hikae.agent.database import Database
from hikae.agent.latches import REJECTIONS, UNANSWERED, Held, Latches
from hikae.agent.memory import Memory, RememberedConnection
from hikae.model.problems import Problem, ProblemCode
from tests.unit.agent.made import CERTIFICATE, CONNECTION, NOW, view

MINUTE = timedelta(minutes=1)
OTHER = UUID(int=2)


def tried(version: int = 1, of: UUID = CONNECTION) -> RememberedConnection:
    return RememberedConnection(view(version=version, of=of), True, CERTIFICATE)


class Pc:
    """A PC whose own time can be moved on."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.latches = self.restarted()

    def restarted(self) -> Latches:
        self.latches = Latches(self.database, lambda: self.now)
        return self.latches


@pytest.fixture
def pc(database: Database) -> Pc:
    """Return a PC at which no bank has rejected anything."""
    return Pc(database)


REJECTED = Problem(ProblemCode.WRONG_PASSWORD, bank_words="誤りがあります。")
WRONG_ANSWER = Problem(ProblemCode.CHALLENGE_WRONG)


@pytest.mark.parametrize("code", sorted(REJECTIONS - {ProblemCode.CHALLENGE_WRONG}))
@pytest.mark.parametrize("here", [False, True])
def test_one_login_version_is_tried_once_whoever_asks_and_however_long_ago(
    pc: Pc, code: ProblemCode, here: bool
) -> None:
    pc.latches.reject(tried(), Problem(code))
    pc.now += timedelta(days=400)
    assert pc.restarted().holding(tried(), here=here) == Held(Problem(code), None)


def test_a_password_without_an_answer_is_tried_again_at_the_pc_or_after_a_day(pc: Pc) -> None:
    pc.latches.asking(tried())
    pc.now += MINUTE
    assert pc.restarted().holding(tried(), here=False) == Held(UNANSWERED, A_DAY - MINUTE)
    assert pc.latches.holding(tried(), here=True) is None
    pc.now += A_DAY
    assert pc.latches.holding(tried(), here=False) is None


def test_a_password_that_the_bank_has_answered_holds_nothing_back(pc: Pc) -> None:
    pc.latches.asking(tried())
    pc.latches.answered(tried())
    assert pc.latches.holding(tried(), here=False) is None


def test_new_login_information_is_tried_by_itself_only_after_a_day(pc: Pc) -> None:
    pc.latches.reject(tried(), REJECTED)
    pc.now += MINUTE
    assert pc.latches.holding(tried(2), here=False) == Held(REJECTED, A_DAY - MINUTE)
    pc.now += A_DAY - MINUTE
    assert pc.latches.holding(tried(2), here=False) is None


def test_new_login_information_is_tried_at_once_for_who_is_at_the_pc(pc: Pc) -> None:
    pc.latches.reject(tried(), REJECTED)
    assert pc.latches.holding(tried(2), here=True) is None


def test_a_login_version_of_before_the_rejected_one_is_not_tried_either(pc: Pc) -> None:
    pc.latches.reject(tried(2), REJECTED)
    assert pc.latches.holding(tried(1), here=True) == Held(REJECTED, None)


def test_what_the_bank_lets_in_is_free_again(pc: Pc) -> None:
    pc.latches.reject(tried(), REJECTED)
    pc.latches.accept(tried(2))
    assert pc.latches.holding(tried(2), here=False) is None


def test_another_registration_of_the_same_bank_user_waits_for_who_is_at_the_pc(pc: Pc) -> None:
    pc.latches.reject(tried(), REJECTED)
    assert pc.latches.holding(tried(of=OTHER), here=False) == Held(REJECTED, A_DAY)
    assert pc.latches.holding(tried(of=OTHER), here=True) is None


def test_what_one_registration_has_tried_stays_tried_when_another_one_tries_too(pc: Pc) -> None:
    pc.latches.reject(tried(), REJECTED)
    pc.latches.reject(tried(of=OTHER), REJECTED)
    for each in (tried(), tried(of=OTHER)):
        assert pc.latches.holding(each, here=True) == Held(REJECTED, None)
    pc.latches.accept(tried(2, of=OTHER))
    assert pc.latches.holding(tried(2, of=OTHER), here=False) is None
    assert pc.latches.holding(tried(), here=True) == Held(REJECTED, None)
    assert pc.latches.holding(tried(2), here=False) is None


def test_another_bank_user_is_not_blamed(pc: Pc) -> None:
    pc.latches.reject(tried(), REJECTED)
    other = replace(tried(), certificate=replace(CERTIFICATE, thumbprint="cd" * 20))
    assert pc.latches.holding(other, here=False) is None


def test_a_cloud_that_registers_anew_under_the_same_version_changes_nothing(
    pc: Pc, memory: Memory
) -> None:
    memory.keep_connection(tried())
    pc.latches.reject(tried(), REJECTED)
    memory.keep_views([])
    memory.keep_views([view()])
    (known,) = memory.connections()
    again = replace(known, enabled=True, certificate=CERTIFICATE)
    assert pc.restarted().holding(again, here=True) == Held(REJECTED, None)


def test_a_wrong_answer_can_be_given_again_only_by_who_is_at_the_pc_for_a_day(pc: Pc) -> None:
    pc.latches.reject(tried(), WRONG_ANSWER)
    assert pc.latches.holding(tried(), here=True) is None
    assert pc.latches.holding(tried(), here=False) == Held(WRONG_ANSWER, A_DAY)
    pc.now += A_DAY
    assert pc.latches.holding(tried(), here=False) is None


def test_a_rejected_certificate_that_a_person_chooses_again_is_tried_once_more(pc: Pc) -> None:
    pc.latches.reject(tried(), Problem(ProblemCode.CERTIFICATE_REJECTED))
    pc.latches.chosen(tried())
    assert pc.latches.holding(tried(), here=False) is None


def test_choosing_the_certificate_again_does_not_make_a_password_right(pc: Pc) -> None:
    pc.latches.reject(tried(), REJECTED)
    pc.latches.chosen(tried())
    assert pc.latches.holding(tried(), here=True) == Held(REJECTED, None)


def test_a_clock_that_was_put_back_holds_for_a_day_at_most(pc: Pc) -> None:
    pc.latches.reject(tried(), REJECTED)
    pc.now -= timedelta(days=400)
    assert pc.restarted().holding(tried(2), here=False) == Held(REJECTED, A_DAY)
