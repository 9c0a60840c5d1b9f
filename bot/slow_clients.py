"""Clients that are slow on purpose hold no connection for long, and never all of them."""

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

HEAD_SECONDS = 10
"""In which a request's head has to have come; `bot.bodies` has the same for its body."""
MOST_CONNECTIONS = 500
"""At once. Telegram has 40 at most, the portal, the gateways and a proxy some more; a process has a
thousand files. Whoever comes beyond is answered 503 at once, and Telegram brings it again."""


class PromptProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]
    """uvicorn's own, but that it waits no longer than HEAD_SECONDS for the head of a request."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._alarm: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self._set_alarm()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._unset_alarm()  # the head is there
        elif self._alarm is None:
            self._set_alarm()  # the next request has begun on the same connection

    def connection_lost(self, exc: Exception | None) -> None:
        self._unset_alarm()
        super().connection_lost(exc)

    def _set_alarm(self) -> None:
        self._alarm = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _unset_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None


LIMITS: dict[str, Any] = {"http": PromptProtocol, "limit_concurrency": MOST_CONNECTIONS}
"""What uvicorn is told."""
