"""An institution of the catalogue and the fields of its TOML file."""

from dataclasses import dataclass, field
from enum import StrEnum


class ChallengeHabit(StrEnum):
    """How often the bank asks for more than the password."""

    NEVER = "never"
    SOMETIMES = "sometimes"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class LoginField:
    """One thing a person must give to sign in.

    name: key in the login information. label: as on the bank's screen; hint, where: how it looks
    and where a person finds it.
    """

    name: str
    label: str
    hint: str = ""
    where: str = ""
    secret: bool = True


@dataclass(frozen=True, slots=True)
class Hours:
    """When the bank answers, Japan time, `HH:MM-HH:MM`."""

    weekday: str = "00:00-24:00"
    saturday: str = "00:00-24:00"
    holiday: str = "00:00-24:00"


@dataclass(frozen=True, slots=True)
class Trial:
    """Marks a simulated bank (試験用): only in a local catalogue, only on loopback.

    ca: PEM file of its authority, relative to the catalogue directory.
    """

    ca: str


@dataclass(frozen=True, slots=True)
class Institution:
    """A bank (金融機関).

    code: four digits. kana: full-width katakana. hosts: `host:port` the dialog may reach.
    issuers: RFC 4514 names of those who issue its client certificates; empty where unknown.
    window_days: how far back the bank shows rows. lockout_minutes: how long a user who left without
    signing out is kept out. labels: this bank's own words where they narrow
    the family's synonyms. shows_user_id: its certificates name the bank's user. verified: who tried
    it against the real bank and when; empty: 動作未確認.
    """

    code: str
    name: str
    kana: str
    family: str
    sign_in: str
    hosts: tuple[str, ...]
    login: tuple[LoginField, ...]
    romaji: str = ""
    certificate: bool = True
    issuers: tuple[str, ...] = ()
    window_days: int = 62
    lockout_minutes: float = 10.0
    challenge: ChallengeHabit = ChallengeHabit.SOMETIMES
    hours: Hours = Hours()
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    shows_user_id: bool = True
    verified: str = ""
    contact: str = ""
    renewal: str = ""
    trial: Trial | None = None

    @property
    def title(self) -> str:
        """The name with 「(電子証明書)」 where the agent fetches it with a certificate."""
        return f"{self.name}(電子証明書)" if self.certificate else self.name
