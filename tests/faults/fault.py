"""One thing that goes wrong on a line: what, on which leg, in which way, and when."""

from dataclasses import dataclass
from enum import Enum, StrEnum


class Leg(StrEnum):
    """Whom the PC talks to."""

    CLOUD = "cloud"
    BANK = "bank"


class Way(StrEnum):
    """Whose bytes: the PC's, or those of the other side."""

    UP = "up"
    DOWN = "down"


class Kind(Enum):
    """What the line does."""

    REFUSE = "nobody takes the call"
    CLOSE = "taken, and put down at once"
    RESET = "torn off (RST)"
    CUT = "ends in order (FIN), in the middle of a record, a handshake or an answer"
    SILENCE = "stays up, and nothing comes through any more"
    DELAY = "each piece waits"
    DRIP = "byte after byte"
    TWICE = "what the PC sends arrives twice"

    @property
    def at_the_door(self) -> bool:
        """Whether it happens before anything is said."""
        return self in {Kind.REFUSE, Kind.CLOSE}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault.

    after: how much passes before it strikes, each time: bytes of its way on all connections of
    its leg together, or connections for what happens at the door; TWICE strikes at the first
    request after them. times: how often it strikes. seconds: of silence or delay.
    last: of a request that arrives twice, the PC gets the second answer.
    """

    leg: Leg
    kind: Kind
    way: Way = Way.DOWN
    after: int = 0
    times: int = 1
    seconds: float = 0.0
    last: bool = False

    def __str__(self) -> str:
        """As a person who looks for the reason wants to read it."""
        how = f" for {self.seconds:g} s" if self.seconds else ""
        whose = "" if self.kind.at_the_door else f" {self.way}"
        return f"{self.leg}{whose}: {self.kind.name}{how} after {self.after}, {self.times} times"
