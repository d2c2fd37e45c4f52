"""Where a test may kill the banks, as by a power cut. Knows nothing of banks.

`HIKAE_KILL_AT=<name>:<n>` arms one: the process dies when it comes by for the nth time.
"""

from __future__ import annotations

import os
import signal

_VARIABLE = "HIKAE_KILL_AT"


def armed(name: str) -> bool:
    """Whether a test has armed `name`."""
    return os.environ.get(_VARIABLE, "").partition(":")[0] == name


def killpoint(name: str) -> None:
    """Die here, if a test has armed `name` and it is its turn."""
    if not armed(name):
        return
    left = os.environ[_VARIABLE].partition(":")[2]
    if int(left or 1) == 1:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    os.environ[_VARIABLE] = f"{name}:{int(left) - 1}"
