"""Another process of a cloud, which writes commands for PCs that are linked to the first one.

It reads lines of JSON, lists of [organisation, device]. Each line is one transaction; what it
prints is when its commit began, by the machine's monotonic clock.
"""

import json
import os
import sys
from time import perf_counter
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hikae.cloud.project.settings")
django.setup()

from django.db import transaction  # noqa: E402

from hikae.cloud.devices import commands  # noqa: E402
from hikae.cloud.people.tenancy import tenant  # noqa: E402
from hikae.model.clock import system_clock  # noqa: E402


def main() -> None:
    """Serve until standard input ends."""
    print("{}", flush=True)
    for line in sys.stdin:
        print(_ask([(UUID(whose), UUID(device)) for whose, device in json.loads(line)]), flush=True)


def _ask(devices: list[tuple[UUID, UUID]]) -> float:
    """Ask each device to read its connections again."""
    with transaction.atomic():
        for organisation, device in devices:
            with tenant(organisation):
                commands.refresh(device, system_clock())
        return perf_counter()


if __name__ == "__main__":
    main()
