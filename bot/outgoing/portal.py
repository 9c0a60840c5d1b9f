"""The portal is told, over HTTP and signed, what has become of its applications."""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime

import aiohttp
import structlog

from bot.outgoing.health import Health
from core.agenda import Due
from core.clock import Clock
from core.portal.outbox import Change, PortalOutbox
from core.portal.signature import sign

TIMEOUT = aiohttp.ClientTimeout(total=10)
log = structlog.get_logger(__name__)

ROOM = 20
"""Changes in hand at once, each of another application."""
TYPE = "application.changed"
READ = 64 * 1024
"""Bytes of an answer."""


class PortalPost:
    """Tells what is due, `ROOM` applications side by side, each in order. What was claimed and not
    recorded comes again by itself, when its lease is over."""

    def __init__(
        self,
        outbox: PortalOutbox,
        session: aiohttp.ClientSession,
        clock: Clock,
        *,
        url: str,
        secret: str,
    ) -> None:
        self._outbox = outbox
        self._session = session
        self._clock = clock
        self._url = url
        self._secret = secret
        self._health = Health("portal", clock)

    async def tell_due(self) -> int:
        """Tell all that is due, unless the portal does not answer: then it rests. How much."""
        told = 0
        while room := self._health.room(ROOM):
            try:
                some = await self._tell_some(room)
            finally:
                self._health.unused()  # a probe that the database has cut off is made again
            if not some:
                break
            told += some
        return told

    async def _tell_some(self, room: int) -> int:
        claimed = await self._outbox.claim(self._clock.now(), room)
        if claimed:
            answers = await asyncio.gather(*(self._tell(change) for change in claimed))
            await self._outbox.record(list(zip(claimed, answers, strict=True)), self._clock.now())
        return len(claimed)

    def due(self, due: Due) -> datetime | None:
        """When something is to be told next. A portal that rests is waited for."""
        if due.portal is None:
            return None
        return max(due.portal, self._health.rest_until or due.portal)

    async def _tell(self, change: Change) -> str | None:
        """Why the portal has not taken it; None: it has."""
        body = body_of(change)
        timestamp = str(int(self._clock.now().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "X-Timestamp": timestamp,
            "X-Signature": sign(self._secret, timestamp, body),
        }
        because = await self._sent(body, headers)
        if because is not None:
            log.warning("portal does not take", change=change.id, because=because)
        return because

    async def _sent(self, body: bytes, headers: Mapping[str, str]) -> str | None:
        try:
            async with self._session.post(
                self._url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
            ) as response:
                await _read_through(response)
                status = response.status
        except (aiohttp.ClientError, TimeoutError) as error:
            self._health.failed()
            return type(error).__name__
        if status >= 500 or status == 429:
            self._health.failed()
        else:
            self._health.worked()
        return None if 200 <= status < 300 else f"status {status}"


async def _read_through(response: aiohttp.ClientResponse) -> None:
    """An answer that breaks off is none. What it says is no matter: nothing of it is kept, and a
    long one is left unread."""
    size = 0
    async for chunk in response.content.iter_any():
        size += len(chunk)
        if size > READ:
            break


def body_of(change: Change) -> bytes:
    """The envelope, the same whenever it is told."""
    envelope = {
        "id": change.key,
        "type": TYPE,
        "at": change.at.isoformat(),
        "data": change.data,
    }
    return json.dumps(envelope, ensure_ascii=False).encode()
