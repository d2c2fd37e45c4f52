"""Plays combinations by their seeds: `python -m tests.faults 123 124`, or `merge.applied`."""

import asyncio
import logging
import sys
import tempfile
from pathlib import Path

from hikae.killpoint import POINTS
from tests.faults.plan import Plan, planned, reaching
from tests.faults.play import play
from tests.faults.town import Town


async def main(plans: list[Plan]) -> None:
    """Play one after the other and tell what came of each; what was logged stays."""
    folder = Path(tempfile.mkdtemp(prefix="hikae-faults-"))
    log = folder / "engine.log"
    logging.basicConfig(filename=log, level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    print(f"logs: {folder}")
    with Town(folder) as town:
        for number, plan in enumerate(plans):
            print(f"{plan.seed}: {plan}", flush=True)
            own = folder / str(number)
            own.mkdir()
            played = await play(plan, town, own)
            print(f"   {played}", flush=True)


if __name__ == "__main__":
    words = sys.argv[1:] or ["0"]
    wanted = [reaching(word) if word in POINTS else planned(int(word)) for word in words]
    asyncio.run(main(wanted))
