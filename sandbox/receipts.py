"""The SMS gateway's receipts: it tells the sender that an SMS arrived (smsc.kz/api, callback)."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import suppress

import aiohttp

from sandbox.clock import ALMATY, DeskClock
from sandbox.settings import DeskSettings
from sandbox.state import Sms

DELIVERED = 1
TIMEOUT = aiohttp.ClientTimeout(total=10)


class Receipts:
    """One form POST for each SMS; a sender without such a route is left in peace."""

    def __init__(self, settings: DeskSettings, clock: DeskClock) -> None:
        self._secret = settings.smsc_secret
        self._url = f"{settings.bot_url.rstrip('/')}/sms/smsc/receipt/{settings.smsc_secret}"
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None
        self._nursery: asyncio.TaskGroup | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    def start(self, nursery: asyncio.TaskGroup, session: aiohttp.ClientSession) -> None:
        self._nursery = nursery
        self._session = session

    def send(self, sms: Sms) -> None:
        assert self._nursery is not None
        task = self._nursery.create_task(self._tell(sms))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def arrived(self) -> bool:
        """Waits for those under way; False when there were none."""
        if not self._under_way:
            return False
        await asyncio.wait(self._under_way)
        return True

    async def _tell(self, sms: Sms) -> None:
        assert self._session is not None
        number, phone = sms.own_id or str(sms.id), sms.phone.removeprefix("+")
        now = self._clock.now()
        form = {
            "id": number,
            "phone": phone,
            "status": str(DELIVERED),
            "time": f"{now.astimezone(ALMATY):%d.%m.%Y %H:%M:%S}",
            "ts": str(int(now.timestamp())),
            "err": "0",
            "sha1": receipt_hash(number, phone, DELIVERED, self._secret),
        }
        with suppress(aiohttp.ClientError, TimeoutError):
            async with self._session.post(self._url, data=form, timeout=TIMEOUT) as response:
                await response.read()


def receipt_hash(number: str, phone: str, status: int, secret: str) -> str:
    """SHA-1 of `id:phone:status:secret`; it covers neither time nor error."""
    return hashlib.sha1(f"{number}:{phone}:{status}:{secret}".encode()).hexdigest()
