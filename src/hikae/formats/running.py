"""Running numbers of rows, counted up or down: a gap means a lost row."""

from collections.abc import Sequence
from operator import sub

from hikae.formats.unreadable import UnreadableFile

_WRAP = 1000  # numbers of three digits go on with 000 after 999


class RunningNumbers:
    """Follows the numbers of a file's rows.

    Counted up they begin with 1, go on from account to account or begin anew, and may begin anew
    within one. Counted down, which is known from an account's second row, they end with 1.
    """

    def __init__(self, file: str, heading: str) -> None:
        """file, heading: names for messages."""
        self._file, self._heading = file, heading
        self._account: str | None = None
        self._row = self._before = 0
        self._falling = False
        self._doubt: UnreadableFile | None = None

    def add(self, rows: Sequence[int], account: str, numbers: Sequence[int]) -> None:
        """Take an account's next rows; account: as the file writes it.

        Raises UnreadableFile at a gap.
        """
        told = 2  # rows tell whether numbers are counted up or down
        for row, number in zip(rows[:told], numbers[:told], strict=True):
            self._add(row, account, number)
        if self._goes_on(numbers[told - 1 :]):
            self._row, self._before = rows[-1], numbers[-1]
            return
        for row, number in zip(rows[told:], numbers[told:], strict=True):
            self._add(row, account, number)

    def _goes_on(self, numbers: Sequence[int]) -> bool:
        """Whether numbers go on one by one in the direction that is known."""
        way = -1 if self._falling else 1
        steps = set(map(sub, numbers[1:], numbers))
        return steps <= {way} or (
            steps <= {way, way * (1 - _WRAP)} and 0 <= min(numbers) <= max(numbers) < _WRAP
        )

    def _add(self, row: int, account: str, number: int) -> None:
        down, up = self._before - 1, self._before + 1
        begins = account != self._account
        if number in (down, down % _WRAP) and (self._falling or self._doubt):
            self._falling, self._doubt = True, None
        elif begins:
            self._end_account()
            if number not in (1, up, up % _WRAP):
                self._doubt = self._error(row, up, number)
        else:
            self._go_up(row, up, number)
        self._account, self._row, self._before = account, row, number

    def _go_up(self, row: int, up: int, number: int) -> None:
        if self._doubt:
            raise self._doubt
        if self._falling:
            raise self._error(row, self._before - 1, number)
        if number not in (1, up, up % _WRAP):
            raise self._error(row, up, number)

    def _end_account(self) -> None:
        if self._doubt:
            raise self._doubt
        if self._falling and self._before != 1:
            raise self._error(self._row, 1, self._before)
        self._falling = False

    def finish(self) -> bool:
        """Whether the last account's numbers were counted down. Raises UnreadableFile at a gap."""
        falling = self._falling
        self._end_account()
        return falling

    def _error(self, row: int, expected: int, found: int) -> UnreadableFile:
        return UnreadableFile(
            self._file, row=row, expected=f"{self._heading} {expected:03}", found=f"{found:03}"
        )
