"""The closed list of what can go wrong, the same for agent, cloud, mails and API.

A `Problem` is data: a code, when to try again, the bank's own words. Its texts in both
languages are in `problem_texts`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hikae.model.clock import Moment


class ProblemCode(StrEnum):
    """Every code there is."""

    AUTH_KEY_WRONG = "auth_key_wrong"
    AUTH_KEY_USED = "auth_key_used"
    AUTH_KEY_EXPIRED = "auth_key_expired"
    DEVICE_EXISTS = "device_exists"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - a code, no password
    ACCOUNT_LOCKED = "account_locked"
    CERTIFICATE_MISSING = "certificate_missing"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_NOT_YET_VALID = "certificate_not_yet_valid"
    CERTIFICATE_REJECTED = "certificate_rejected"
    CERTIFICATE_MISMATCH = "certificate_mismatch"
    KEY_DENIED = "key_denied"
    KEY_UNREADABLE = "key_unreadable"
    CARD_MISSING = "card_missing"
    PIN_WRONG = "pin_wrong"
    CHALLENGE_WAITING = "challenge_waiting"
    CHALLENGE_WRONG = "challenge_wrong"
    CHALLENGE_TIMEOUT = "challenge_timeout"
    NOTICE_PENDING = "notice_pending"
    PASSWORD_CHANGE_REQUIRED = "password_change_required"  # noqa: S105 - a code, no password
    REGISTRATION_REQUIRED = "registration_required"
    SIGNED_IN_ELSEWHERE = "signed_in_elsewhere"
    OUT_OF_HOURS = "out_of_hours"
    MAINTENANCE = "maintenance"
    RATE_LIMITED = "rate_limited"
    SITE_CHANGED = "site_changed"
    BANK_UNREACHABLE = "bank_unreachable"
    BANK_TLS_FAILED = "bank_tls_failed"
    BANK_UNTRUSTED = "bank_untrusted"
    PROXY_UNREACHABLE = "proxy_unreachable"
    PROXY_NOT_A_PROXY = "proxy_not_a_proxy"
    PROXY_LOGIN = "proxy_login"
    PROXY_REFUSED = "proxy_refused"
    CLOUD_UNREACHABLE = "cloud_unreachable"
    CLOUD_REJECTED = "cloud_rejected"
    DEVICE_OFFLINE = "device_offline"
    DEVICE_RELEASED = "device_released"
    PLAN_REQUIRED = "plan_required"
    INSTITUTION_PAUSED = "institution_paused"
    CONNECTION_STOPPED = "connection_stopped"
    STATEMENT_INCONSISTENT = "statement_inconsistent"
    STATEMENT_GAP = "statement_gap"
    UNREADABLE_FILE = "unreadable_file"
    DISK_FULL = "disk_full"
    CLOCK_WRONG = "clock_wrong"
    CANCELLED = "cancelled"
    AGENT_OUTDATED = "agent_outdated"
    UPDATE_REFUSED = "update_refused"
    KEYRING_UNAVAILABLE = "keyring_unavailable"
    INTERNAL = "internal"


class Retry(StrEnum):
    """When the same thing may be tried again without a person."""

    NEVER = "never"
    LATER = "later"
    AT = "at"


class Needs(StrEnum):
    """Who must act before it can work."""

    NOBODY = "nobody"
    PERSON = "person"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong.

    details: figures and names for the message (never a secret). bank_words: what the bank
    itself said, as plain text. retry_at: the moment for codes that are retried at one.
    """

    code: ProblemCode
    details: Mapping[str, str | int] = field(default_factory=dict)
    bank_words: str = ""
    retry_at: Moment | None = None


class ProblemError(Exception):
    """Raised where a Problem ends what was being done; each package derives its own from it."""

    def __init__(self, problem: Problem) -> None:
        """Carry `problem`; the message is its code and details."""
        super().__init__(
            f"{problem.code} {dict(problem.details)}" if problem.details else problem.code
        )
        self.problem = problem
