"""Which certificate a connection signs in with, decided without asking where that is safe.

An expired certificate is never proposed, and none that might belong to another bank user: the
bank would count a wrong password against somebody.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hikae.model.certificate import Certificate
from hikae.model.problems import Problem, ProblemCode


@dataclass(frozen=True, slots=True)
class Choice:
    """What to do about a connection's certificate.

    certificate: the one to use. problem: why there is none. candidates: what a person may choose
    from, newest first. With neither certificate nor problem the person chooses among the
    candidates. replaces: the earlier certificate whose renewal was taken over, to be told.
    """

    certificate: Certificate | None
    problem: Problem | None
    candidates: tuple[Certificate, ...]
    replaces: Certificate | None = None


def choose(
    certificates: Sequence[Certificate],
    *,
    issuers: Sequence[str],
    now: datetime,
    user_id: str | None = None,
    previous: Certificate | None = None,
) -> Choice:
    """Decide among the certificates of this PC.

    issuers: RFC 4514 names of the institution's issuers; empty where unknown. user_id: as
    registered, where the certificate shows it. previous: what was used or chosen before; its
    issuer fits whatever the catalogue says, as a person chose it.
    """
    fitting = newest_first([each for each in certificates if is_fitting(each, issuers, previous)])
    theirs = [each for each in fitting if user_id is None or is_same(each.user_id, user_id)]
    usable = tuple(each for each in theirs if is_usable(each, now))
    if not usable:
        others = tuple(each for each in fitting if is_usable(each, now))
        return Choice(None, why_none(fitting, theirs, now, user_id), others)
    if previous is not None:
        return continue_with(previous, usable)
    known = bool(issuers) or user_id is not None
    if known and len({owner(each) for each in usable}) == 1:
        return Choice(usable[0], None, usable)
    return Choice(None, None, usable)


def undecided(choice: Choice, previous: Certificate | None) -> Problem:
    """What to tell of a choice that only a person can make.

    previous: what was used or chosen before; certificate_mismatch where it belongs to somebody
    else than what there is now, else certificate_missing, with how many there are to choose from.
    """
    details: dict[str, str | int] = {"candidates": len(choice.candidates)}
    newest = choice.candidates[0]
    if previous is None or owner(previous) == owner(newest):
        return Problem(ProblemCode.CERTIFICATE_MISSING, details)
    details |= {"expected": previous.user_id, "found": newest.user_id}
    return Problem(ProblemCode.CERTIFICATE_MISMATCH, details)


def continue_with(previous: Certificate, usable: tuple[Certificate, ...]) -> Choice:
    """Go on with the newest of the same subject and issuer; anything else is asked."""
    same = [each for each in usable if is_renewal(each, previous)]
    if not same:
        return Choice(None, None, usable)
    renewed = same[0].thumbprint != previous.thumbprint
    return Choice(same[0], None, usable, previous if renewed else None)


def why_none(
    fitting: Sequence[Certificate],
    theirs: Sequence[Certificate],
    now: datetime,
    user_id: str | None,
) -> Problem:
    """Return why none of the certificates can be used, by what a person can do about it."""
    if not theirs and user_id is not None and fitting:
        found = fitting[0].user_id
        return Problem(ProblemCode.CERTIFICATE_MISMATCH, {"expected": user_id, "found": found})
    if not theirs:
        return Problem(ProblemCode.CERTIFICATE_MISSING, {"user_id": user_id} if user_id else {})
    newest = theirs[0]
    details = {"user_id": newest.user_id, "not_after": newest.not_after.isoformat()}
    if any(each.not_before <= now <= each.not_after for each in theirs):
        return Problem(ProblemCode.KEY_UNREADABLE, {**details, "reason": "no_key"})
    coming = [each.not_before for each in theirs if each.not_before > now]
    if coming:
        return Problem(ProblemCode.CERTIFICATE_NOT_YET_VALID, details, retry_at=min(coming))
    return Problem(ProblemCode.CERTIFICATE_EXPIRED, details)


def newest_first(certificates: Sequence[Certificate]) -> list[Certificate]:
    """Order by the beginning of validity, latest first; equal ones by thumbprint."""
    return sorted(
        certificates,
        key=lambda each: (each.not_before, each.not_after, each.thumbprint),
        reverse=True,
    )


def is_fitting(
    certificate: Certificate, issuers: Sequence[str], previous: Certificate | None
) -> bool:
    """Whether the institution's issuers, where known, include the certificate's."""
    if not issuers:
        return True
    accepted = [*issuers, previous.issuer] if previous else issuers
    return any(is_same_name(certificate.issuer, issuer) for issuer in accepted)


def is_usable(certificate: Certificate, now: datetime) -> bool:
    """Whether it has a private key and is valid now."""
    return certificate.has_key and certificate.not_before <= now <= certificate.not_after


def is_renewal(certificate: Certificate, previous: Certificate) -> bool:
    """Whether both name the same subject and issuer."""
    return is_same_name(certificate.subject, previous.subject) and is_same_name(
        certificate.issuer, previous.issuer
    )


def owner(certificate: Certificate) -> str:
    """Whom it belongs to: the user ID, or the whole subject where it shows none."""
    return fold(certificate.user_id) or fold(certificate.subject)


def is_same(one: str, other: str) -> bool:
    """Whether two user IDs are written for the same one."""
    return fold(one) == fold(other)


def is_same_name(one: str, other: str) -> bool:
    """Whether two RFC 4514 names are equal but for case, width and spaces after commas."""
    return [fold(part) for part in one.split(",")] == [fold(part) for part in other.split(",")]


def fold(text: str) -> str:
    """Fold case and width."""
    return unicodedata.normalize("NFKC", text).strip().casefold()
