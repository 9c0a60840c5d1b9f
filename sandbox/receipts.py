"""Receipts: each gateway tells the sender, in its own format, what became of an SMS."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime

import aiohttp

from sandbox.clock import ALMATY, DeskClock
from sandbox.settings import DeskSettings
from sandbox.sms import CAMPAIGNS, MESSAGES, number_of, status_of
from sandbox.state import Json, Sms, State

TIMEOUT = aiohttp.ClientTimeout(total=5)
"""Seconds: so long Mobizon waits for its answer."""
ATTEMPTS = {"smsc": 1, "mobizon": 10}
PAUSE = 0.02  # seconds by which Mobizon's pauses grow at the desk: a minute in life
NO_ERROR, NOT_IN_THE_NET = 0, 6  # SMSC.kz's `err`


@dataclass(frozen=True)
class Receipt:
    """What is told, in the gateway's own words; `phone` is +7 and ten digits."""

    gateway: str
    number: str
    phone: str
    status: int | str
    segments: int = 1


class Receipts:
    """One callback for each SMS that ended; a sender without such a route is left in peace."""

    def __init__(self, settings: DeskSettings, state: State, clock: DeskClock) -> None:
        self._secrets = {"smsc": settings.smsc_secret, "mobizon": settings.mobizon_secret}
        self._base = settings.bot_url.rstrip("/")
        self._state = state
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None
        self._nursery: asyncio.TaskGroup | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    def start(self, nursery: asyncio.TaskGroup, session: aiohttp.ClientSession) -> None:
        self._nursery = nursery
        self._session = session

    def report(self, sms: Sms) -> None:
        """Tells it without waiting; Mobizon repeats until it is answered with a 2xx."""
        assert self._nursery is not None
        receipt = Receipt(sms.gateway, number_of(sms), sms.phone, status_of(sms), sms.segments)
        task = self._nursery.create_task(self._tell(receipt))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def stop(self) -> None:
        """Ends those under way, so that a server can stop."""
        for task in list(self._under_way):
            task.cancel()

    async def arrived(self) -> bool:
        """Waits for those under way; False when there were none."""
        if not self._under_way:
            return False
        await asyncio.wait(self._under_way)
        return True

    async def repeat(self, receipt: Receipt, times: int, by: str = "POST") -> list[int]:
        """Sends one receipt so many times; the HTTP statuses, 0 where no answer came."""
        body = self._body(receipt)
        return [await self._send(receipt, body, n, by) for n in range(1, times + 1)]

    async def _tell(self, receipt: Receipt) -> None:
        body = self._body(receipt)
        for attempt in range(1, ATTEMPTS[receipt.gateway] + 1):
            if 200 <= await self._send(receipt, body, attempt) < 300:
                return
            await asyncio.sleep(attempt * PAUSE)

    def _body(self, receipt: Receipt) -> Json:
        now = self._clock.now().astimezone(ALMATY)
        if receipt.gateway == "mobizon":
            self._state.last_event_id += 1
            return mobizon_event(receipt, self._state.last_event_id, now)
        return smsc_form(receipt, now, self._secrets["smsc"])

    async def _send(self, receipt: Receipt, body: Json, attempt: int, by: str = "POST") -> int:
        assert self._session is not None
        secret = self._secrets[receipt.gateway]
        url = f"{self._base}/sms/{receipt.gateway}/receipt/{secret}"
        if receipt.gateway == "mobizon":
            content: Json = {"json": mobizon_attempt(body, attempt, secret)}
        else:
            content = {"data" if by == "POST" else "params": body}
        try:
            async with self._session.request(by, url, timeout=TIMEOUT, **content) as response:
                await response.read()
                return response.status
        except (aiohttp.ClientError, TimeoutError):
            return 0


def smsc_form(receipt: Receipt, now: datetime, secret: str) -> Json:
    """SMSC.kz's fields (smsc.kz/api/http/miscellaneous/callback)."""
    phone = receipt.phone.removeprefix("+")
    return {
        "id": receipt.number,
        "phone": phone,
        "status": str(receipt.status),
        "time": f"{now:%d.%m.%Y %H:%M:%S}",
        "ts": str(int(now.timestamp())),
        "err": str(smsc_error(receipt.status)),
        "cnt": str(receipt.segments),
        "sha1": smsc_hash(receipt.number, phone, receipt.status, secret),
    }


def smsc_error(status: int | str) -> int:
    """The reason beside a status: of what failed here, that the phone is not in the net."""
    return NOT_IN_THE_NET if status in (3, 20, 25) else NO_ERROR


def smsc_hash(number: str, phone: str, status: int | str, secret: str) -> str:
    """SHA-1 of `id:phone:status:secret`; it covers neither time nor error."""
    return hashlib.sha1(f"{number}:{phone}:{status}:{secret}".encode()).hexdigest()


def mobizon_event(receipt: Receipt, event_id: int, now: datetime) -> Json:
    """Mobizon's `sms-delivery-report` (mobizon-api-docs, webhooks), the same for each attempt."""
    return {
        "eventId": event_id,
        "eventType": "sms-delivery-report",
        "eventCreateTs": f"{now:%Y-%m-%d %H:%M:%S}",
        "webhookId": 1,
        "data": {
            "campaignId": int(receipt.number) - MESSAGES + CAMPAIGNS,
            "messageId": int(receipt.number),
            "segNum": receipt.segments,
            "statusUpdateTs": f"{now:%Y-%m-%d %H:%M:%S}",
            "status": receipt.status,
            "to": receipt.phone.removeprefix("+"),
        },
    }


def mobizon_attempt(event: Json, attempt: int, secret: str) -> Json:
    """An event as it goes out; the signature does not cover `data`."""
    signed = f"{event['eventId']}|{attempt}|{event['eventCreateTs']}|{secret}"
    sign = hashlib.sha1(signed.encode()).hexdigest()
    return {**event, "attempt": attempt, "sign": sign}
