"""What awaits one leg of a line: which fault comes next, and how far it is to it."""

from tests.faults.fault import Fault, Kind, Way
from tests.faults.requests import is_request


class Weather:
    """What awaits one leg: faults in their order, and how far it is to the next."""

    def __init__(self) -> None:
        """Nothing but sunshine."""
        self._faults: list[Fault] = []
        self._left = 0
        self._times = 0

    @property
    def next(self) -> Fault | None:
        """What comes next."""
        return self._faults[0] if self._faults else None

    def turn(self, *faults: Fault) -> None:
        """From now on these await."""
        self._faults = list(faults)
        self._begin()

    def called(self) -> Fault | None:
        """Somebody calls: what happens at the door, if anything."""
        fault = self.next
        if fault is None or not fault.kind.at_the_door:
            return None
        if self._left:
            self._left -= 1
            return None
        return self._strike()

    def passing(self, way: Way, piece: bytes, *, tls: bool) -> tuple[int, Fault | None]:
        """How many bytes of a piece pass, and what strikes then."""
        fault = self.next
        if fault is None or fault.kind.at_the_door or fault.way is not way:
            return len(piece), None
        if fault.kind is Kind.TWICE and not tls:
            self._left = max(0, self._left - len(piece))
            return (
                (0, self._strike()) if not self._left and is_request(piece) else (len(piece), None)
            )
        if self._left >= len(piece):
            self._left -= len(piece)
            return len(piece), None
        passed, self._left = self._left, 0
        return passed, self._strike()

    def _strike(self) -> Fault | None:
        fault = self.next
        if fault is not None:
            self._left = fault.after
            self._times -= 1
            if not self._times:
                del self._faults[0]
                self._begin()
        return fault

    def _begin(self) -> None:
        if self._faults:
            self._left, self._times = self._faults[0].after, self._faults[0].times
