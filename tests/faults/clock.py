"""One clock for all processes of a round: the machine's time, and a shift that a file holds."""

import mmap
import struct
import time
from datetime import UTC, datetime
from pathlib import Path

SHIFT = struct.Struct("d")


class SharedClock:
    """Runs with the machine's time and is moved forward by whoever holds the file; all others see
    it at once. It keeps what has been reached over the death of any process."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._shift = mmap.mmap(file.fileno(), SHIFT.size)

    @classmethod
    def begin(cls, path: Path, start: datetime) -> "SharedClock":
        """A new clock that shows `start` now."""
        path.write_bytes(SHIFT.pack(start.timestamp() - time.time()))
        return cls(path)

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self._read(), UTC)

    def move(self, to: datetime) -> None:
        """Forward to `to`; it never goes back."""
        ahead = (to - self.now()).total_seconds()
        if ahead > 0:
            self._shift[: SHIFT.size] = SHIFT.pack(self._read() + ahead)

    def _read(self) -> float:
        shift: float = SHIFT.unpack(self._shift[: SHIFT.size])[0]
        return shift
