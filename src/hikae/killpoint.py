"""Named places at which a test may kill the process, to prove that nothing is lost there.

`HIKAE_KILL_AT=<name>` in the environment arms one, `<name>:3` so that the process dies when it
comes by for the third time; without it a point costs a dictionary look-up. POINTS names them all,
with what stands when the process dies there.
"""

import os
import signal
from collections.abc import Mapping

VARIABLE = "HIKAE_KILL_AT"

AGENT_POINTS: Mapping[str, str] = {
    "enrolment.introduced": "the cloud knows this PC; the PC has not written down that it does",
    "fetches.queued": "a fetch is on the disk; nobody has begun it",
    "fetching.step": "before each step of the dialog with a bank",
    "fetching.answered": "a person has answered; the bank has not got it yet",
    "fetching.downloaded": "the file is here; nothing of it is on the disk",
    "outbox.write": "inside the transaction that keeps the statements of a file",
    "outbox.kept": "the statements are on the disk; the bank has not been left",
    "fetching.left": "the bank has been left; that it was is not written down",
    "delivery.part": "the cloud has a part; the statement is not complete",
    "delivery.acknowledged": "the cloud has the statement; the outbox still holds it",
    "delivery.forgotten": "the outbox has forgotten it; the fetch does not count it yet",
    "commands.carried_out": "a command is carried out; that it was is not written down",
    "keys.kept": "the next keys are in the keyring; the cloud has not been asked",
    "keys.taken": "the cloud believes the next keys only; the PC still uses the old ones",
    "leaving.signed": "the farewell is on the disk; keys and data are not erased",
}

CLOUD_POINTS: Mapping[str, str] = {
    "parts.kept": "a part is in the database; the PC has not heard so",
    "merge.applied": "inside the transaction that takes a statement into the books",
    "merge.committed": "the statement is in the books; the PC has not heard so",
    "reports.written": "inside the transaction that keeps where a fetch stands",
    "commands.handed_out": "commands were read for a PC, which has not got them",
    "keys.renewed": "the journal knows a PC's new keys; the database does not",
    "endings.noted": "the journal knows that a PC has ended; the database does not",
}

BANK_POINTS: Mapping[str, str] = {
    "bank.asked": "a request has come; the simulated bank has done nothing yet",
    "bank.answered": "the bank has done what was asked; nothing of its answer is sent",
    "bank.half_sent": "half of the answer is sent",
}
"""The simulated bank shares no code with us and has these by its own means."""

POINTS: Mapping[str, str] = {**AGENT_POINTS, **CLOUD_POINTS, **BANK_POINTS}


def killpoint(name: str) -> None:
    """Die here, as by a power cut, when a test has armed `name` and it is its turn."""
    armed = os.environ.get(VARIABLE)
    if armed is not None:
        _pass(name, *armed.split(":"))


def _pass(name: str, armed: str, left: str = "1") -> None:
    if name != armed:
        return
    if int(left) == 1:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    os.environ[VARIABLE] = f"{armed}:{int(left) - 1}"
