"""Parents who confirm their vouchers at the desk, and what became of each tap."""

import asyncio
import re
import time
from collections import Counter, defaultdict
from typing import Any

import aiohttp
from sqlalchemy import func, select

from bench.figures import Figure
from bench.processes import PATIENCE
from core.applications.tables import ApplicationRecord, HistoryRecord
from core.db.engine import Database

CODE = re.compile(r"\b(\d{6})\b")


class Parents:
    """So many come each second. Each opens the menu, then the application, confirms, and types the
    code that comes by SMS."""

    def __init__(self, desk: aiohttp.ClientSession, a_second: float) -> None:
        self._desk = desk
        self._a_second = a_second
        self.phase = "before"
        self.over = False
        self.came = 0
        self.sent = 0
        self.unanswered: Counter[str] = Counter()
        self.seconds: dict[str, list[float]] = defaultdict(list)

    def go_home(self) -> None:
        """Nobody else comes; whoever has begun goes on to the end."""
        self.over = True

    async def come(self, people: list[dict[str, Any]]) -> None:
        """So many a second, until all have come or it is over; returns when the last is done."""
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for person in people:
                await asyncio.sleep(began + self.came / self._a_second - time.perf_counter())
                if self.over:
                    break
                self.came += 1
                group.create_task(self._confirm(person))

    async def _confirm(self, person: dict[str, Any]) -> None:
        shown = await self._act(person, "menu", "send", text="/menu")
        while (button := _next(shown)) is not None:
            shown = await self._act(person, "tap", "press", **button)
            if button["button"].startswith("act:"):
                break
        code = await self._code(person)
        if code is None:
            self.unanswered["no code came"] += 1
        else:
            await self._act(person, "code", "send", text=code)

    async def _act(self, person: dict[str, Any], what: str, path: str, **body: Any) -> Any:
        """One thing that a person does. It is answered when the bot has shown or said something
        before Telegram heard that the update was taken."""
        self.sent += 1
        phase, began = self.phase, time.perf_counter()
        async with self._desk.post(f"/sim/users/{person['id']}/{path}", json=body) as response:
            told = await response.json() if response.status == 200 else {}
        self.seconds[phase].append(time.perf_counter() - began)
        if not (told.get("messages") or told.get("answer")):
            self.unanswered[what] += 1
        return told

    async def _code(self, person: dict[str, Any]) -> str | None:
        for _ in range(2 * int(PATIENCE)):
            async with self._desk.get("/sim/sms", params={"phone": person["phone"]}) as found:
                for sms in reversed(await found.json()):
                    if code := CODE.search(sms["text"]):
                        return code[1]
            await asyncio.sleep(0.5)
        return None


def _next(shown: Any) -> dict[str, Any] | None:
    """The button that leads on: to confirm, to the application, to the journal."""
    for wanted in ("act:", "app:", "j"):
        for message in reversed(shown.get("messages", ())):
            for row in message["buttons"]:
                for button in row:
                    data = str(button.get("data") or button.get("callback_data") or "")
                    if data.startswith(wanted):
                        return {"button": data, "message_id": message["message_id"]}
    return None


async def told(db: Database, parents: Parents, people: list[dict[str, Any]]) -> list[Figure]:
    """What these people sent, and what the database has of it."""
    theirs = ApplicationRecord.id.in_([person["id"] for person in people])
    confirmed = (
        select(func.count())
        .select_from(HistoryRecord)
        .join(ApplicationRecord, ApplicationRecord.id == HistoryRecord.application_id)
        .where(theirs, HistoryRecord.event == "confirm_interest")
    )
    standing = select(func.count()).where(theirs, ApplicationRecord.status == "voucher_issued")
    async with db.read() as session:
        acted, stand = await session.scalar(confirmed), await session.scalar(standing)
    return [
        Figure("families", "families that came", parents.came),
        Figure("sent", "taps and messages sent", parents.sent),
        Figure("unanswered", "of them unanswered (none)", parents.unanswered.total()),
        Figure("confirmed", "vouchers confirmed (all)", stand or 0),
        Figure("twice", "confirmed twice (none)", (acted or 0) - (stand or 0)),
    ]
