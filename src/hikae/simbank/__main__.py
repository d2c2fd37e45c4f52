"""The command line of the simulated banks: start them, say where they are, run until stopped."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

from hikae.simbank.bank import SimBank
from hikae.simbank.business import Size
from hikae.simbank.control import ControlServer
from hikae.simbank.institution import INSTITUTIONS, Institution


def main(argv: Sequence[str] | None = None) -> int:
    """Run the banks; print one line of JSON when they are ready, end on SIGTERM or SIGINT."""
    options = _parser().parse_args(argv)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with SimBank.start(
        options.directory,
        seed=options.seed,
        institutions=_institutions(options.lockout),
        ports=options.ports,
        size=Size(transactions=options.transactions),
        keys=options.keys,
    ) as bank:
        control = ControlServer(bank, options.control_port)
        control.start()
        sys.stdout.write(json.dumps(_whereabouts(bank, control), ensure_ascii=False) + "\n")
        sys.stdout.flush()
        stop.wait()
        control.stop()
    return 0


def _whereabouts(bank: SimBank, control: ControlServer) -> dict[str, object]:
    return {
        "origins": bank.origins,
        "sign_in": {code: bank.sign_in_url(code) for code in bank.origins},
        "ca": str(bank.ca_file),
        "catalogue": str(bank.catalogue),
        "certificates": str(bank.certificates),
        "control": control.origin,
    }


def _institutions(lockout: float | None) -> tuple[Institution, ...]:
    if lockout is None:
        return INSTITUTIONS
    shortest = timedelta(seconds=lockout)
    return tuple(replace(bank, lockout=min(bank.lockout, shortest)) for bank in INSTITUTIONS)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hikae simbank", description="simulated banks over real HTTPS, for trials and tests"
    )
    parser.add_argument(
        "--directory", type=Path, required=True, help="receives catalogue and certificates"
    )
    parser.add_argument(
        "--control-port", type=int, default=0, help="port of the control listener (0: any)"
    )
    parser.add_argument(
        "--ports",
        type=_ports,
        default=[],
        metavar="N,N,N",
        help=f"ports of the {len(INSTITUTIONS)} banks in order (0 or missing: any)",
    )
    parser.add_argument("--seed", default="simbank", help="the same seed gives the same banks")
    parser.add_argument(
        "--transactions",
        type=int,
        default=Size().transactions,
        help=f"rows of each account in the {Size().days} days before the start",
    )
    parser.add_argument(
        "--lockout",
        type=float,
        metavar="SECONDS",
        help="the longest for which a bank keeps out who left without signing out",
    )
    parser.add_argument("--keys", choices=("ec", "rsa"), default="ec", help="kind of keys")
    return parser


def _ports(text: str) -> list[int]:
    ports = [int(part) for part in text.split(",") if part]
    if len(ports) > len(INSTITUTIONS):
        raise argparse.ArgumentTypeError(f"at most {len(INSTITUTIONS)} ports")
    return ports


if __name__ == "__main__":
    sys.exit(main())
