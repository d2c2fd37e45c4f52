"""What happens in one combination: who the bank takes the customer for, what breaks, who dies.

A plan follows from its seed alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from random import Random

from hikae.killpoint import AGENT_POINTS, BANK_POINTS, CLOUD_POINTS, POINTS
from tests.faults.fault import Fault, Kind, Leg, Way


class Database(StrEnum):
    """What the cloud keeps its books in."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


class Trouble(StrEnum):
    """What else is wrong meanwhile."""

    NONE = ""
    DATABASE = "the cloud's database is restarted, or locked by somebody else"
    DISK = "the PC's disk is full"
    CLOCK = "the PC's clock jumps"


class Moment(StrEnum):
    """What people do while somebody is to die."""

    ENROL = "enrol"
    FETCH = "fetch"
    RENEW = "renew"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Kill:
    """Who dies where, when it comes by for which time."""

    point: str
    turn: int = 1

    @property
    def armed(self) -> str:
        """As the environment of the one who is to die has it."""
        return f"{self.point}:{self.turn}"

    @property
    def moment(self) -> Moment:
        """When it comes by there."""
        return _MOMENTS.get(self.point, Moment.FETCH)


@dataclass(frozen=True, slots=True)
class Plan:
    """One combination.

    enrolling: what breaks while the PC is enrolled; faults: while it fetches. from_the_page: the
    first fetch is asked for in the cloud. rows: how many the bank books between the fetches.
    ahead: how far the PC's clock jumps.
    """

    seed: int
    institution: str = "9902"
    scenario: str = "ok"
    database: Database = Database.SQLITE
    enrolling: tuple[Fault, ...] = ()
    faults: tuple[Fault, ...] = ()
    kill: Kill | None = None
    trouble: Trouble = Trouble.NONE
    from_the_page: bool = False
    rounds: int = 1
    rows: int = 0
    ahead: timedelta = timedelta()

    @property
    def unattended(self) -> bool:
        """Whether fetches begin by themselves, as where nobody knows that the password is old."""
        return self.scenario == "wrong_password"

    @property
    def dies(self) -> str:
        """Whose process is killed: agent, cloud, bank, or nobody's ("")."""
        points = (("agent", AGENT_POINTS), ("cloud", CLOUD_POINTS), ("bank", BANK_POINTS))
        return next((who for who, of in points if self.kill and self.kill.point in of), "")

    def __str__(self) -> str:
        """All of it on one line."""
        said = [f"{self.institution} {self.scenario}, {self.database}"]
        said += [f"{self.kill.armed} dies"] if self.kill else []
        said += [f"{self.trouble}"] if self.trouble else []
        said += [f"by {self.ahead}"] if self.ahead else []
        said += ["from the page"] if self.from_the_page else []
        said += [f"while enrolling {fault}" for fault in self.enrolling]
        return "; ".join([*said, *map(str, self.faults)])


_MOMENTS = {
    "enrolment.introduced": Moment.ENROL,
    **dict.fromkeys(("keys.kept", "keys.taken", "keys.renewed"), Moment.RENEW),
    **dict.fromkeys(("leaving.signed", "endings.noted"), Moment.RELEASE),
}

_KEEPING_OUT = "9901"
SMOOTH = (
    *("ok", "ok", "ok", "otp", "otp_wrong_once", "notice", "identical_rows", "late_posting"),
    *("corrected_row", "renewal_notice", "slow", "renamed_labels"),
)
ROUGH = (
    *("wrong_password", "wrong_password", "locked", "http_500", "reset_midway", "hang"),
    *("truncated_download", "inconsistent_balance", "signed_in_elsewhere", "changed_page"),
    *("out_of_hours", "maintenance", "rate_limited", "must_change_password"),
    *("notice_must_confirm", "extra_registration"),
)
_JUMPS = (timedelta(hours=-2), timedelta(minutes=50), timedelta(days=3), timedelta(days=-40))
_BANK_KINDS = (*Kind, Kind.RESET, Kind.CUT, Kind.SILENCE)
_CLOUD_KINDS = (*Kind, Kind.TWICE, Kind.RESET)


def planned(seed: int) -> Plan:
    """The combination of a seed."""
    dice = Random(f"faults {seed}")
    kill = _kill(dice) if dice.random() < 0.45 else None
    trouble = _trouble(dice, kill)
    attended = kill is None or kill.point in CLOUD_POINTS
    rough = attended and not trouble and dice.random() < 0.3
    scenario = dice.choice(ROUGH if rough else SMOOTH)
    if scenario == "wrong_password":
        faults: tuple[Fault, ...] = (_at_the_password(dice),)
    else:
        faults = tuple(_bank_fault(dice) for _ in range(dice.choice((0, 1, 1, 2))))
    faults += tuple(_cloud_fault(dice) for _ in range(dice.choice((0, 1, 2, 3))))
    enrolling = (_cloud_fault(dice),) if dice.random() < 0.25 else ()
    return Plan(
        seed=seed,
        institution=dice.choice(("9901", "9902", "9902", "9903")),
        scenario=scenario,
        database=dice.choice(tuple(Database)),
        enrolling=enrolling if kill is None or kill.moment is not Moment.ENROL else (),
        faults=faults,
        kill=kill,
        trouble=trouble,
        from_the_page=dice.random() < 0.4,
        rounds=3 if scenario == "wrong_password" else dice.choice((1, 1, 2)),
        rows=dice.randrange(6),
        ahead=dice.choice(_JUMPS) if trouble is Trouble.CLOCK else timedelta(),
    )


def reaching(point: str) -> Plan:
    """A combination in which a point is reached, with nothing else that goes wrong."""
    answered = point == "fetching.answered"
    asked_there = point.startswith("commands.")
    scenario = "otp" if answered else "ok"
    seed = list(POINTS).index(point)  # so that each has a customer of its own
    return Plan(seed, scenario=scenario, kill=Kill(point), from_the_page=asked_there)


def _kill(dice: Random) -> Kill:
    point = dice.choice(sorted({*AGENT_POINTS, *CLOUD_POINTS, *BANK_POINTS}))
    most = 14 if point in BANK_POINTS or point == "fetching.step" else 3
    return Kill(point, dice.randint(1, most))


def _trouble(dice: Random, kill: Kill | None) -> Trouble:
    """Disk and clock are the test's to have only where the agent runs inside of it."""
    possible: Sequence[Trouble] = (Trouble.DATABASE, Trouble.DISK, Trouble.CLOCK, Trouble.CLOCK)
    if kill is not None and kill.point in CLOUD_POINTS:
        possible = (Trouble.DISK, Trouble.CLOCK)
    elif kill is not None:
        possible = (Trouble.DATABASE,)
    return dice.choice(possible) if dice.random() < 0.4 else Trouble.NONE


def _bank_fault(dice: Random) -> Fault:
    kind = dice.choice(_BANK_KINDS)
    way = dice.choice((Way.UP, Way.DOWN, Way.DOWN))
    after = dice.randrange(12_000 if way is Way.UP else 90_000)
    return Fault(
        Leg.BANK,
        kind,
        way,
        after=0 if kind.at_the_door else after,
        times=dice.choice((1, 1, 2)),
        seconds=_seconds(dice, kind),
    )


def _at_the_password(dice: Random) -> Fault:
    """One that strikes somewhere around the bank's answer to the password."""
    kind = dice.choice((Kind.RESET, Kind.CUT))
    return Fault(Leg.BANK, kind, Way.DOWN, after=dice.randrange(2_500, 5_600), times=2)


def _cloud_fault(dice: Random) -> Fault:
    kind = dice.choice(_CLOUD_KINDS)
    way = Way.UP if kind is Kind.TWICE else dice.choice(tuple(Way))
    after = dice.randrange(25_000 if way is Way.UP else 6_000)
    return Fault(
        Leg.CLOUD,
        kind,
        way,
        after=dice.randrange(2) if kind.at_the_door else after,
        times=dice.choice((1, 1, 2, 4)),
        seconds=_seconds(dice, kind),
        last=dice.random() < 0.5,
    )


def _seconds(dice: Random, kind: Kind) -> float:
    if kind is Kind.SILENCE:
        return dice.choice((1.0, 2.0, 6.0))
    return dice.choice((0.05, 0.3)) if kind is Kind.DELAY else 0.0
