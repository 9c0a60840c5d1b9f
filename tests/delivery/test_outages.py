"""Whom nothing reached is called in time: outages of Telegram and of the gateways, played with the
clock. Who was reached is known from the desk alone: what arrived there, and who looked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from bot.outgoing import health
from core.clock import TravelClock
from core.db.engine import Database
from seed.people import START
from tests.delivery.families import Family, drawn, enrol, seat
from tests.e2e.conftest import serve
from tests.e2e.player import Desk

FOREVER = 1_000_000
BEFORE = ("2026-04-07T15:00", "2026-04-07T20:30", "2026-04-08T10:00", "2026-04-08T18:30")
AFTER = ("2026-04-08T20:10", "2026-04-09T07:50")
"""When families look, and when the outage is over: after the whole working day of 8 April."""
OUTAGES: dict[str, tuple[tuple[str, int], ...]] = {
    "nothing": (),
    "telegram": (("telegram", 502),),
    "first gateway": (("smsc", 500),),
    "both gateways": (("sms", 500),),
    "everything": (("telegram", 502), ("sms", 500)),
}


@dataclass
class Town:
    """The families and their desk."""

    desk: Desk
    families: list[Family]
    random: Random

    async def look(self) -> None:
        """Some of those to whom something has come look at it, and tap."""
        for family in self.families:
            if family.blocked or not family.chat or self.random.random() >= family.looks:
                continue
            chat = (await self.desk.get(f"/sim/users/{family.id}/chat"))["messages"]
            if any(family.number in message["text"] for message in chat):
                await self.desk.post(f"/sim/users/{family.id}/send", text="/menu")
                family.has_looked = True

    async def unreached(self) -> set[str]:
        """Whom nothing reached: nobody looked, and no SMS arrived at a phone that was on."""
        arrived = {sms["phone"] for sms in await self.desk.get("/sim/sms")}
        return {
            family.number
            for family in self.families
            if not family.has_looked
            and not (family.receipts == "delivered" and family.phone in arrived)
        }

    async def call_list(self) -> set[str]:
        """Who stands on the list for staff."""
        assert self.desk.app is not None
        core = self.desk.app.state.house.core
        return {call.registration_number for call in await core.calls.listed(core.clock.now())}


@asynccontextmanager
async def town(folder: Path, url: str, count: int, seed: int) -> AsyncIterator[Town]:
    """So many families whose vouchers are still to be issued, on 7 April at 11:30."""
    random = Random(seed)
    clock = TravelClock(START, running=False)
    families = [drawn(random, number) for number in range(1, count + 1)]
    db = Database(url)
    await enrol(db, (), START)  # the demo data stay away from a database that has something
    async with serve(folder, url, clock) as desk:
        await seat(desk, families)
        await enrol(db, families, START)
        yield Town(desk, families, random)
    await db.close()


async def play(town: Town, outage: str) -> None:
    """Two working days, with the outage until the evening before the last one."""
    for target, code in OUTAGES[outage]:
        await town.desk.post("/sim/faults", target=target, code=code, times=FOREVER)
    for family in town.families:
        await town.desk.voucher(family.number)
    for moment in BEFORE:
        await town.desk.travel(moment)
        await town.look()
    async with town.desk.http.delete("/sim/faults") as response:
        assert response.status == 200
    for moment in AFTER:
        await town.desk.travel(moment)
        await town.look()


async def check(town: Town) -> None:
    """At 08:00 of the last day everybody whom nothing has reached is listed, and nobody else."""
    unreached = await town.unreached()
    await town.desk.travel("2026-04-09T08:00")
    assert unreached, "a town where nobody needs a call proves nothing"
    assert await town.call_list() == unreached
    await town.desk.travel("2026-04-09T11:59")
    assert await town.call_list() == unreached
    await town.look()
    assert await town.call_list() == unreached & await town.unreached()


@pytest.mark.parametrize("outage", ["first gateway", "everything"])
async def test_every_unreached_family_is_called_before_noon(
    outage: str, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "RESTS", (timedelta(minutes=20),))  # fewer stops of the clock
    async with town(tmp_path, sqlite_url, count=14, seed=7) as families:
        await play(families, outage)
        await check(families)


@pytest.mark.soak
@pytest.mark.parametrize("outage", OUTAGES)
async def test_every_one_of_five_hundred(outage: str, database_url: str, tmp_path: Path) -> None:
    async with town(tmp_path, database_url, count=500, seed=11) as families:
        await play(families, outage)
        await check(families)
