"""Which certificate is proposed, and what is said when none is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha1

import pytest

from hikae.certificates.choose import Choice, choose, undecided
from hikae.model.certificate import Certificate
from hikae.model.problems import Problem, ProblemCode

NOW = datetime(2026, 11, 24, 0, 5, tzinfo=UTC)
ISSUER = "CN=電子認証CA,O=みなと銀行,C=JP"
YEAR = timedelta(days=365)


def certificate(
    user_id: str = "user001",
    begins: datetime = NOW - timedelta(days=30),
    *,
    issuer: str = ISSUER,
    subject: str = "",
    has_key: bool = True,
) -> Certificate:
    subject = subject or f"CN={user_id},O=みなと銀行,C=JP"
    name = f"{subject}{issuer}{begins}{has_key}".encode()
    return Certificate(
        thumbprint=sha1(name, usedforsecurity=False).hexdigest(),
        subject=subject,
        issuer=issuer,
        user_id=user_id,
        serial="1",
        not_before=begins,
        not_after=begins + YEAR,
        has_key=has_key,
        store="test",
    )


def decide(
    *certificates: Certificate,
    user_id: str | None = None,
    previous: Certificate | None = None,
    issuers: tuple[str, ...] = (ISSUER,),
) -> Choice:
    return choose(certificates, issuers=issuers, now=NOW, user_id=user_id, previous=previous)


CURRENT = certificate()
EXPIRED = certificate(begins=NOW - YEAR - timedelta(days=1))
RENEWED = certificate(begins=NOW - timedelta(days=2))
FUTURE = certificate(begins=NOW + timedelta(days=3))
KEYLESS = certificate(has_key=False)
COLLEAGUE = certificate("user002")
ELSEWHERE = certificate(issuer="CN=Other CA")


def test_the_only_one_that_fits_is_proposed() -> None:
    assert decide(CURRENT, ELSEWHERE) == Choice(CURRENT, None, (CURRENT,))


def test_an_expired_one_is_never_proposed_beside_its_renewal() -> None:
    assert decide(EXPIRED, CURRENT).certificate == CURRENT
    assert decide(CURRENT, EXPIRED).candidates == (CURRENT,)


def test_the_newest_of_one_user_wins() -> None:
    assert decide(CURRENT, RENEWED) == Choice(RENEWED, None, (RENEWED, CURRENT))


def test_among_several_users_the_person_chooses() -> None:
    assert decide(CURRENT, COLLEAGUE) == Choice(
        None, None, tuple(sorted((CURRENT, COLLEAGUE), key=lambda c: c.thumbprint, reverse=True))
    )


def test_the_registered_user_id_settles_it() -> None:
    assert decide(CURRENT, COLLEAGUE, user_id="user002") == Choice(COLLEAGUE, None, (COLLEAGUE,))


def test_a_user_id_is_compared_without_case_and_width() -> None:
    assert decide(CURRENT, user_id="ＵＳＥＲ００１ ").certificate == CURRENT


def test_certificates_without_a_user_id_are_told_apart_by_their_subject() -> None:
    one = certificate("", subject="O=A")
    other = certificate("", subject="O=B")
    assert decide(one, other).certificate is None


def test_an_issuers_name_is_compared_without_case_and_spaces() -> None:
    assert decide(CURRENT, issuers=("cn=電子認証ＣＡ, o=みなと銀行, c=jp",)).certificate == CURRENT


def test_where_the_issuers_are_unknown_the_person_chooses() -> None:
    assert decide(CURRENT, issuers=()) == Choice(None, None, (CURRENT,))


def test_where_the_issuers_are_unknown_a_registered_user_id_is_enough() -> None:
    assert decide(CURRENT, ELSEWHERE, COLLEAGUE, issuers=(), user_id="user002").certificate == (
        COLLEAGUE
    )


def test_a_chosen_one_stays_chosen_beside_other_users() -> None:
    assert decide(CURRENT, COLLEAGUE, previous=CURRENT).certificate == CURRENT
    assert decide(CURRENT, previous=CURRENT).replaces is None


def test_a_renewed_one_is_taken_over_and_told() -> None:
    for stored in [(CURRENT, RENEWED), (RENEWED,)]:
        choice = decide(*stored, COLLEAGUE, previous=CURRENT)
        assert (choice.certificate, choice.replaces) == (RENEWED, CURRENT)


def test_the_renewal_of_an_expired_one_is_taken_over() -> None:
    assert decide(EXPIRED, CURRENT, previous=EXPIRED) == Choice(CURRENT, None, (CURRENT,), EXPIRED)


def test_a_renewal_that_is_not_valid_yet_waits() -> None:
    assert decide(CURRENT, FUTURE, previous=CURRENT) == Choice(CURRENT, None, (CURRENT,))


@pytest.mark.parametrize(
    "changed",
    [
        replace(RENEWED, issuer="CN=新CA", thumbprint="1"),
        replace(RENEWED, subject="CN=user001,O=新", thumbprint="2"),
    ],
)
def test_a_changed_subject_or_issuer_is_asked(changed: Certificate) -> None:
    choice = decide(EXPIRED, changed, previous=EXPIRED, issuers=(ISSUER, "CN=新CA"))
    assert choice == Choice(None, None, (changed,))


def test_what_a_person_chose_outweighs_the_catalogues_issuers() -> None:
    assert decide(ELSEWHERE, previous=ELSEWHERE).certificate == ELSEWHERE


def test_a_choice_that_only_a_person_can_make_says_so() -> None:
    among_two = decide(CURRENT, COLLEAGUE)
    assert undecided(among_two, None) == Problem(ProblemCode.CERTIFICATE_MISSING, {"candidates": 2})


def test_a_choice_after_the_chosen_users_certificate_has_gone_names_both_users() -> None:
    assert undecided(decide(COLLEAGUE, previous=CURRENT), CURRENT) == Problem(
        ProblemCode.CERTIFICATE_MISMATCH,
        {"candidates": 1, "expected": "user001", "found": "user002"},
    )


def test_without_any_that_fits_it_is_missing() -> None:
    assert decide(ELSEWHERE).problem == Problem(ProblemCode.CERTIFICATE_MISSING)
    assert decide(ELSEWHERE, user_id="user001").problem == Problem(
        ProblemCode.CERTIFICATE_MISSING, {"user_id": "user001"}
    )


def test_another_users_certificate_does_not_match_the_registered_one() -> None:
    choice = decide(COLLEAGUE, user_id="user001")
    assert choice.problem == Problem(
        ProblemCode.CERTIFICATE_MISMATCH, {"expected": "user001", "found": "user002"}
    )
    assert (choice.certificate, choice.candidates) == (None, (COLLEAGUE,))


def test_only_expired_ones_are_expired() -> None:
    choice = decide(EXPIRED)
    assert choice.problem is not None
    assert choice.problem.code is ProblemCode.CERTIFICATE_EXPIRED
    assert (choice.certificate, choice.candidates) == (None, ())


def test_one_that_begins_later_says_when() -> None:
    problem = decide(EXPIRED, FUTURE).problem
    assert problem is not None
    assert problem.code is ProblemCode.CERTIFICATE_NOT_YET_VALID
    assert problem.retry_at == FUTURE.not_before


def test_one_without_its_private_key_cannot_be_used() -> None:
    problem = decide(EXPIRED, KEYLESS).problem
    assert problem is not None
    assert problem.code is ProblemCode.KEY_UNREADABLE


def test_a_usable_one_beside_one_without_a_key_is_proposed() -> None:
    assert decide(KEYLESS, CURRENT).certificate == CURRENT
