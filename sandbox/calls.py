"""Every Bot API call with its answer, the last 20,000 of them."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import Any

from sandbox.changes import Signal
from sandbox.clock import iso
from sandbox.parameters import Upload
from sandbox.state import Json


class Calls:
    def __init__(self) -> None:
        self._ring: deque[Json] = deque(maxlen=20_000)
        self._seq = 0
        self._signal = Signal()

    def record(
        self,
        method: str,
        params: Json,
        answer: Json,
        at: datetime,
        *,
        unheard: Json | None = None,
    ) -> None:
        """`unheard` is what the method answered when the bot was told something else."""
        self._seq += 1
        if method.lower() != "getupdates":
            self._signal.fire()
        self._ring.append(
            {
                "seq": self._seq,
                "method": method,
                "params": {name: _plain(value) for name, value in params.items()},
                "answer": answer,
                "at": iso(at),
                **({"unheard": unheard} if unheard else {}),
            }
        )

    async def silence(self, seconds: float) -> None:
        """Returns when the bot has called nothing but getUpdates for so many seconds."""
        with suppress(TimeoutError):
            while True:
                async with asyncio.timeout(seconds):
                    await self._signal.wait()

    def list(self, method: str | None, since: int) -> list[Json]:
        """Those of `method` (any when None) whose `seq` is greater than `since`."""
        wanted = method.lower() if method else None
        fresh = list(islice(reversed(self._ring), max(0, self._seq - since)))
        return [call for call in reversed(fresh) if wanted in (None, call["method"].lower())]


def _plain(value: Any) -> Any:
    if isinstance(value, Upload):
        return {"file_name": value.name, "mime_type": value.mime_type, "size": len(value.content)}
    return value
