"""What an engine is given from outside: everything that a test replaces."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from hikae.agent.owntime import Counter, seconds_awake_and_asleep
from hikae.agent.profile import Profile
from hikae.agent.safe import Safe
from hikae.agent.settings import Settings
from hikae.catalogue.catalogue import Catalogue
from hikae.model.clock import Clock
from hikae.transport.exchange import Limits

CLOUD_LIMITS = Limits(connect=10, idle=30, total=120, body=4 * 1024 * 1024, redirects=0)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Profile, secrets, settings, institutions, time and chance.

    patience: how long a dialog waits for a person's answer. bank_limits, cloud_limits: of each
    exchange with a bank and with the cloud. own_cloud: the cloud is on this PC and for it
    alone. counter: seconds that only grow. sleep: waits so many seconds.
    """

    profile: Profile
    safe: Safe
    settings: Settings
    catalogue: Catalogue
    clock: Clock
    new_id: Callable[[], UUID]
    random: Random
    patience: timedelta = timedelta(minutes=5)
    bank_limits: Limits = Limits()  # noqa: RUF009 - frozen
    cloud_limits: Limits = CLOUD_LIMITS
    own_cloud: bool = False
    counter: Counter = seconds_awake_and_asleep
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    @property
    def certificates(self) -> Path:
        """Folder of PKCS#12 files: as set, or one in the profile."""
        chosen = self.settings.certificates
        return Path(chosen) if chosen else self.profile.directory / "certificates"
