"""The desk as the portal akmola.kz: events signed and sent to the bot, and what the bot tells."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from typing import Any

import aiohttp
from fastapi import APIRouter, HTTPException, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from sandbox.clock import DeskClock, iso
from sandbox.desk import Desk
from sandbox.faults import CutOff, Struck
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
        """`type` and perhaps `id`; `data`, or else all the rest, is the event's data.
        `{"status", "answer"}`."""
        assert self._session is not None
        data = dict(event)
        kind = data.pop("type", None)
        if not isinstance(kind, str) or not kind:
            raise HTTPException(400, "an event has a type, for instance voucher.issue")
        number = str(data.pop("id", None) or uuid.uuid4())
        if isinstance(data.get("data"), dict):
            data = data["data"]
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


SIGNED_WITHIN = 300
"""Seconds that what is signed may be old, or early."""


class Told:
    """What the bot tells the portal: each event once, however often it comes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def list(self) -> list[Json]:
        """Every event in the order of its arrival, with `received_at` and `times`."""
        return list(self._desk.state.told.values())

    async def hear(self, headers: Mapping[str, str], body: bytes) -> Json:
        """Take an event whose signature is right. Raises HTTPException."""
        now = self._desk.clock.now()
        timestamp = headers.get("X-Timestamp", "")
        signed = signature(self._desk.settings.portal_secret, timestamp, body)
        if not hmac.compare_digest(signed, headers.get("X-Signature", "")):
            raise HTTPException(401, "the signature is wrong")
        if abs(now.timestamp() - int(timestamp)) > SIGNED_WITHIN:
            raise HTTPException(401, "the timestamp is old, or early")
        event = json.loads(body)
        told = self._desk.state.told.setdefault(
            event["id"], {**event, "received_at": iso(now), "times": 0}
        )
        told["times"] += 1
        return {"taken": event["id"]}


def routes(desk: Desk) -> APIRouter:
    router = APIRouter()
    told = Told(desk)

    @router.get("/sim/portal")
    async def list_told() -> list[Json]:
        return told.list()

    @router.post("/akmola/events")
    async def hear(request: Request) -> Response:
        body = await request.body()
        try:
            return JSONResponse(
                await desk.faults.around("portal", "hear", lambda: told.hear(request.headers, body))
            )
        except Struck as struck:
            if struck.drops:
                return CutOff()
            return PlainTextResponse("ordered", struck.fault.code or 500)

    return router


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
