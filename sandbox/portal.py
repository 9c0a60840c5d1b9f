"""The desk as the portal akmola.kz: events signed and sent to the bot."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from typing import Any

import aiohttp
from fastapi import HTTPException

from sandbox.clock import DeskClock, iso
from sandbox.settings import DeskSettings
from sandbox.state import Json

TIMEOUT = aiohttp.ClientTimeout(total=60)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Hex HMAC-SHA256 of `timestamp.body`."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class Portal:
    def __init__(self, settings: DeskSettings, clock: DeskClock) -> None:
        self._url = f"{settings.bot_url.rstrip('/')}/portal/events"
        self._secret = settings.portal_secret
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    def start(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def send(self, event: Json) -> Json:
        """`type` and perhaps `id`; all else is the event's data. `{"status", "answer"}`."""
        assert self._session is not None
        data = dict(event)
        kind = data.pop("type", None)
        if not isinstance(kind, str) or not kind:
            raise HTTPException(400, "an event has a type, for instance voucher.issue")
        number = str(data.pop("id", None) or uuid.uuid4())
        now = self._clock.now()
        body = json.dumps(
            {"id": number, "type": kind, "at": iso(now), "data": data}, ensure_ascii=False
        ).encode()
        timestamp = str(int(now.timestamp()))
        headers = {
            "Content-Type": "application/json",
            "X-Timestamp": timestamp,
            "X-Signature": signature(self._secret, timestamp, body),
        }
        try:
            async with self._session.post(
                self._url, data=body, headers=headers, timeout=TIMEOUT
            ) as response:
                return {"status": response.status, "answer": _read(await response.text())}
        except (aiohttp.ClientError, TimeoutError) as error:
            raise HTTPException(
                502, f"the bot cannot be reached: {type(error).__name__}"
            ) from error


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
