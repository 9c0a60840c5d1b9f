"""Every Bot API call with its answer, the last 20,000 of them."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from datetime import datetime
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

    def record(self, method: str, params: Json, answer: Json, at: datetime) -> None:
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
        return [
            call
            for call in self._ring
            if call["seq"] > since and wanted in (None, call["method"].lower())
        ]


def _plain(value: Any) -> Any:
    if isinstance(value, Upload):
        return {"file_name": value.name, "mime_type": value.mime_type, "size": len(value.content)}
    return value
