"""What all processes of a round share, in a file: one clock that is moved, and whether they rest.

The clock jumps only while nobody has anything in hand: a lease that ends in the middle of a call
would be the harness's fault and not the product's.
"""

import mmap
import struct
import time
from datetime import UTC, datetime
from pathlib import Path

SHIFT = struct.Struct("d")
NUMBER = struct.Struct("q")
SLOTS = 8
QUESTION = SHIFT.size
ANSWERS = QUESTION + NUMBER.size
SIZE = ANSWERS + SLOTS * NUMBER.size
STARTING = -1
"""The answer of a process that is not up yet: it has nothing in hand."""


class SharedClock:
    """Runs with the machine's time and is moved forward by whoever began it; all others see it at
    once. It keeps what has been reached over the death of any process."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._file = mmap.mmap(file.fileno(), SIZE)

    @classmethod
    def begin(cls, path: Path, start: datetime) -> "SharedClock":
        """A new clock that shows `start` now."""
        path.write_bytes(SHIFT.pack(start.timestamp() - time.time()).ljust(SIZE, b"\0"))
        return cls(path)

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self.shift, UTC)

    def move(self, to: datetime) -> None:
        """Forward to `to`; it never goes back."""
        ahead = (to - self.now()).total_seconds()
        if ahead > 0:
            SHIFT.pack_into(self._file, 0, self.shift + ahead)

    def ask(self) -> int:
        """Ask all processes whether they rest; the question's number."""
        number = self.question + 1
        NUMBER.pack_into(self._file, QUESTION, number)
        return number

    @property
    def question(self) -> int:
        """The number of the newest question."""
        return int(NUMBER.unpack_from(self._file, QUESTION)[0])

    def answer(self, slot: int, number: int) -> None:
        """Say that the process of a slot rested when that question was read."""
        NUMBER.pack_into(self._file, ANSWERS + slot * NUMBER.size, number)

    def answered(self, slot: int) -> int:
        """The question that a slot answered last."""
        return int(NUMBER.unpack_from(self._file, ANSWERS + slot * NUMBER.size)[0])

    @property
    def shift(self) -> float:
        """Seconds by which it is ahead of the machine's."""
        return float(SHIFT.unpack_from(self._file)[0])
