"""The processes of a round: started, killed, started again; and what was in flight at a kill."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import aiohttp

from tests.faults import actors
from tests.faults.actors import Part
from tests.faults.clock import STARTING, SharedClock
from tests.faults.wire import Door

SLOTS = ("web1", "web2", "worker1", "worker2")
TOKEN = "1000000:desk"
SECRET = "webhook"
TENDED = 0.2
"""Seconds between two looks whether a process has ended by itself."""
READY = 120.0
"""Seconds in which a process must answer."""
CLOSING = 0.1
"""Seconds in which the desk has read what a dead process had written."""


@dataclass
class Slot:
    """A place for a process; each that stands in it has a name of its own."""

    name: str
    port: int  # 0: it answers nobody
    number: int = 0
    process: BaseProcess | None = None
    changing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def caller(self) -> str:
        """The name of the process of the moment."""
        return f"{self.name}-{self.number}"


@dataclass
class Crew:
    """All processes. `killed`: when, by name."""

    desk: str
    database_url: str
    folder: Path
    door: Door
    clock: SharedClock
    slots: dict[str, Slot] = field(default_factory=dict)
    killed: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in SLOTS:
            port = free_port() if name.startswith("web") else 0
            self.slots[name] = Slot(name, port)
            if port:
                self.door.ports[name] = port

    async def begin(self) -> None:
        """Start all, and wait until the web processes answer."""
        for name in SLOTS:
            self.start(name)
        await asyncio.gather(*(self.ready(name) for name in SLOTS if self.slots[name].port))

    def start(self, name: str) -> None:
        """Another process in that slot, under a name of its own."""
        slot = self.slots[name]
        slot.number += 1
        self.clock.answer(SLOTS.index(name), STARTING)
        slot.process = actors.start(
            Part(
                kind="web" if slot.port else "worker",
                slot=SLOTS.index(name),
                settings=self._settings(slot),
                shared=self.folder / "shared",
                log=self.folder / "log",
                port=slot.port,
            )
        )

    def rest(self, question: int) -> bool:
        """Whether all that are up have rested since that question."""
        answers = [self.clock.answered(slot) for slot in range(len(SLOTS))]
        return all(answer == STARTING or answer >= question for answer in answers)

    async def kill(self, name: str) -> str:
        """SIGKILL; the name of the dead."""
        slot = self.slots[name]
        if slot.process is None or not slot.process.is_alive():
            self.start(name)  # the next one is hit as it begins
        assert slot.process is not None
        slot.process.kill()
        await asyncio.to_thread(slot.process.join)
        self.killed[slot.caller] = self.clock.now()
        await asyncio.sleep(CLOSING)
        return slot.caller

    async def tend(self) -> None:
        """Start again what has ended by itself, as systemd does: what begins while PostgreSQL is
        down cannot run."""
        while True:
            await asyncio.sleep(TENDED)
            for name, slot in self.slots.items():
                async with slot.changing:
                    if slot.process is not None and not slot.process.is_alive():
                        self.start(name)

    async def replace(self, name: str) -> str:
        """Kill it and start another one in its place, one after the other; the name of the dead."""
        async with self.slots[name].changing:
            dead = await self.kill(name)
            self.start(name)
            return dead

    async def ready(self, name: str) -> None:
        """Wait until it answers."""
        async with asyncio.timeout(READY), aiohttp.ClientSession() as http:
            while True:
                try:
                    async with http.get(f"http://127.0.0.1:{self.slots[name].port}/health/live"):
                        return
                except aiohttp.ClientError:
                    await asyncio.sleep(0.02)

    def end(self) -> None:
        """No process is left."""
        for slot in self.slots.values():
            if slot.process is not None:
                slot.process.kill()
                slot.process.join()

    def _settings(self, slot: Slot) -> dict[str, Any]:
        desk = f"{self.desk}/{slot.caller}"
        return {
            "bot_token": TOKEN,
            "bot_name": "orynbot",
            "bot_api_url": desk,
            "database_url": self.database_url,
            "secret_key": "k" * 32,
            "webhook_url": self.desk if slot.port else "",
            "webhook_secret": SECRET,
            "portal_secret": "portal",
            "sms_gateways": ("smsc", "mobizon"),
            "smsc_url": f"{desk}/smsc",
            "smsc_login": "desk",
            "smsc_password": "desk",
            "smsc_secret": "desk",
            "mobizon_url": f"{desk}/mobizon",
            "mobizon_key": "desk",
            "mobizon_secret": "desk",
            "telegram_per_second": 1000,
            "telegram_per_chat": 20,
            "tick_seconds": 0.5,
            "session_days": 365,  # who enters stays in for all of a round
            "log_level": "WARNING",
        }


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port
