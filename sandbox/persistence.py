"""Keeping the desk's memory in a file."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

from pydantic import TypeAdapter

from sandbox.state import State

PAUSE = 1.0  # seconds at least between two writings
SHARE = 0.02
"""Of its time the desk spends no more than this on writing, however much it remembers."""

_ADAPTER = TypeAdapter(State)


def load(path: Path | None) -> State:
    """What was kept; a new memory when there is none. Raises ValidationError for other files."""
    if path is None or not path.exists():
        return State()
    return _ADAPTER.validate_json(path.read_bytes())


def write(path: Path, content: bytes) -> None:
    """All or nothing: whoever reads sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(content)
    os.replace(fresh, path)


class Keeper:
    """Writes the state when it has changed, once in `PAUSE` or less often, and at the end."""

    def __init__(self, state: State, path: Path) -> None:
        self._path = path
        self._state = state
        self._kept = b""

    async def run(self) -> None:
        """Until cancelled; what is left then is written by `keep`."""
        pause = PAUSE
        while True:
            await asyncio.sleep(pause)
            began = time.perf_counter()
            content = _ADAPTER.dump_json(self._state)
            pause = max(PAUSE, (time.perf_counter() - began) / SHARE)
            if content != self._kept:
                await asyncio.to_thread(write, self._path, content)
                self._kept = content

    def keep(self) -> None:
        write(self._path, _ADAPTER.dump_json(self._state))
