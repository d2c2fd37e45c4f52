"""What a bank asks for in the middle of a sign-in (追加認証), and what a person answers."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hikae.model.secret import Secret


class ChallengeKind(StrEnum):
    """How the answer is given."""

    ONE_TIME_PASSWORD = "one_time_password"  # noqa: S105 - the name of a kind, no password
    QUESTION = "question"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Challenge:
    """A question of the bank while the dialog waits.

    prompt: the bank's words as plain text. length: how many characters the answer has, where the
    bank says it. choices: the options of a choice. image: what the bank draws, PNG, JPEG or GIF.
    again: the bank's words about the answer before, when it was refused.
    """

    kind: ChallengeKind
    prompt: str
    length: int | None = None
    choices: tuple[str, ...] = ()
    image: bytes | None = field(default=None, repr=False)
    expires_at: datetime | None = None
    again: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person entered."""

    text: Secret
