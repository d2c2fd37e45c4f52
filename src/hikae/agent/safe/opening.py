"""Which safe a profile uses."""

from collections.abc import Mapping
from pathlib import Path

from hikae.agent.safe.file import FileSafe
from hikae.agent.safe.promise import Safe


def open_safe(environment: Mapping[str, str], profile: str) -> Safe:
    """The safe of a profile as the environment says."""
    place = environment.get("HIKAE_KEYRING", "")
    if place.startswith("file:"):
        return FileSafe(Path(place.removeprefix("file:")), profile)
    from hikae.agent.safe.system import KeyringSafe  # noqa: PLC0415 - slow, and often not needed

    return KeyringSafe(profile)
