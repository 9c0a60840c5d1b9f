"""A round: a town of families, two web processes and two workers on one database, their clock moved
through the terms of a voucher, and everything going wrong that the seed has drawn."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from bot.maintenance import prepare_database
from core.clock import SystemClock
from core.db.engine import Database
from demo import tcp_socket
from sandbox.app import build
from sandbox.desk import Desk
from sandbox.faults import Fault
from sandbox.portal import Portal
from sandbox.settings import DeskSettings
from tests.faults import accounts, town, weather
from tests.faults.accounts import Account
from tests.faults.clock import SharedClock
from tests.faults.crew import SECRET, TOKEN, Crew
from tests.faults.journey import Journey, Stuck
from tests.faults.law import Knock
from tests.faults.parents import Parents
from tests.faults.postgres import GONE, Server
from tests.faults.records import read, recorded
from tests.faults.snares import Snare
from tests.faults.telegram import Telegram
from tests.faults.timetable import Stop, timetable
from tests.faults.weather import Blow
from tests.faults.wire import Door, NotedCalls, Wire
from tests.model.rules import Place
from tests.serving import serving

PATIENCE = 2
"""Stops for which a snare stays set."""


@dataclass
class Round:
    """What is played; everything is drawn from `seed`."""

    seed: int
    stops: list[Stop]
    blows: dict[int, list[Blow]]
    families: list[town.Family]
    places: list[Place]
    group: asyncio.TaskGroup
    clock: SharedClock
    journey: Journey
    desk: Desk
    wire: Wire
    calls: NotedCalls
    portal: Portal
    telegram: Telegram
    parents: Parents
    crew: Crew
    server: Server
    database: str
    db: Database
    random: Random
    asked: dict[tuple[int, str], list[Knock]] = field(default_factory=dict)
    noted: dict[str, tuple[set[tuple[int, int]], set[int]]] = field(default_factory=dict)
    texted: dict[int, tuple[str, str | None]] = field(default_factory=dict)
    hunts: list[tuple[int, Blow, Snare, asyncio.Task[None]]] = field(default_factory=list)

    async def play(self) -> None:
        """Stop after stop."""
        for number, stop in enumerate(self.stops):
            await self.journey.travel(stop.moment)
            async with asyncio.TaskGroup() as group:
                acts = [group.create_task(act) for act in self._acts(number, stop)]
                await self._wait(acts)
        self.desk.faults.clear()
        await self._give_up(len(self.stops))
        await self.journey.travel(self.clock.now() + timedelta(minutes=10))

    def _acts(self, number: int, stop: Stop) -> Iterator[Coroutine[Any, Any, None]]:
        """All that happens at a stop."""
        yield self._storm(number)
        if stop.kind == "issue":
            yield self._issue()
        if stop.kind == "restore":
            yield self._withdraw()
        for family in self.families:
            chance = Random(f"{self.seed} {family.id} {number}")
            yield self.parents.stop(family, stop.kind, chance)

    async def _wait(self, acts: list[asyncio.Task[None]]) -> None:
        """Until all is done: where everybody waits for a code, the clock goes on."""
        self.journey.set_out()
        while under_way := [act for act in acts if not act.done()]:
            if len(under_way) == len(self.parents.waiting):
                await self.journey.step(min(self.parents.waiting))
            else:
                await self.journey.drift()

    async def _storm(self, number: int) -> None:
        await self._give_up(number - PATIENCE)
        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for blow in self.blows.get(number, ()):
                await asyncio.sleep(max(0, began + blow.after - time.monotonic()))
                if blow.snare is None:
                    group.create_task(self._strike(blow))
                else:
                    self._set(number, blow)

    def _set(self, number: int, blow: Blow) -> None:
        """Set a snare: it catches somebody now, on the way to the next stops, or there."""
        assert blow.snare is not None
        snare = Snare(*blow.snare)
        self.wire.snares.set(snare)
        self.hunts.append((number, blow, snare, self.group.create_task(self._hunt(snare))))

    async def _hunt(self, snare: Snare) -> None:
        caught = await snare.caught
        await asyncio.sleep(snare.linger)
        await self._kill(caught.partition("-")[0])
        self.wire.snares.clear(snare)

    async def _give_up(self, number: int) -> None:
        """Kill just so where nobody has run into a snare that was set so long ago."""
        for hunt in [hunt for hunt in self.hunts if hunt[0] <= number]:
            _, blow, snare, killing = hunt
            snare.spring(str(blow.kill))
            await killing
            self.hunts.remove(hunt)

    async def _kill(self, name: str) -> None:
        dead = await self.crew.replace(name)
        self.noted[dead] = await self._recorded()

    async def _strike(self, blow: Blow) -> None:
        if blow.kill is not None:
            await self._kill(blow.kill)
        if blow.restart:
            await self.server.restart(self.database)
        if blow.share:
            await self._cut(blow.share)
        if blow.fault is not None:
            self.desk.faults.add(Fault(**blow.fault))

    async def _cut(self, share: float) -> None:
        with suppress(*GONE):  # it is down: there is nothing to cut
            await self.server.cut(self.database, share)

    async def _recorded(self) -> tuple[set[tuple[int, int]], set[int]]:
        while True:
            try:
                async with self.connected() as connection:
                    return await recorded(connection)
            except GONE:
                await asyncio.sleep(0.05)  # it was cut, too

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Any]:
        """A connection of our own, as soon as the server takes one."""
        connection = await self.server.patient(self.database)
        try:
            yield connection
        finally:
            await connection.close()

    async def _issue(self) -> None:
        """The portal issues vouchers to all who may have one; some events come twice."""
        async with asyncio.TaskGroup() as group:
            for family in self.families:
                if self.random.random() < 0.85:
                    twice = self.random.random() < 0.2
                    group.create_task(self._event(family, "issue_voucher", twice))

    async def _withdraw(self) -> None:
        """The portal takes some vouchers back (D13)."""
        async with asyncio.TaskGroup() as group:
            for family in self.families:
                if self.random.random() < 0.1:
                    group.create_task(self._event(family, "withdraw_voucher", False))

    async def _event(self, family: town.Family, event: str, twice: bool) -> None:
        await asyncio.sleep(self.random.uniform(0, 0.4))
        number = f"{event}-{family.id}-{self.clock.now():%m%d%H%M}"
        kind = {"issue_voucher": "voucher.issue", "withdraw_voucher": "voucher.withdraw"}[event]
        told = {"type": kind, "id": number, "registration_number": family.number}
        if event == "withdraw_voucher":
            told["reason"] = "technical"
        began = self.clock.now()
        await asyncio.gather(*(self.portal.send(told) for _ in range(2 if twice else 1)))
        knock = Knock(began, self.clock.now())
        self.asked.setdefault((family.id, event), []).append(knock)


async def play(
    server: Server, seed: int, *, families: int, kills: int, length: int | None = None
) -> Account:
    """Play the round of that seed, or so many of its stops, and settle the account."""
    began = time.monotonic()
    random = Random(seed)
    stops = timetable(random)[:length]
    start = stops[0].moment - timedelta(minutes=5)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="orynbot-faults-")))
        clock = SharedClock.begin(folder / "shared", start)
        rows = town.places(random, families, stops[0].moment.date())
        people = town.families(random, families)
        database = await stack.enter_async_context(server.database())
        db = Database(server.address(database))
        stack.push_async_callback(db.close)
        await prepare_database(db, SystemClock())
        await town.enrol(db, people, rows, start)
        door = Door()
        socket = stack.enter_context(tcp_socket())
        socket.bind(("127.0.0.1", 0))
        socket.listen(500)
        base = f"http://127.0.0.1:{socket.getsockname()[1]}"
        app = build(
            DeskSettings(
                bot_url=base,
                desk_secret="desk",
                portal_secret="portal",
                bot_token=TOKEN,
                start=start,
            )
        )
        desk: Desk = app.state.desk
        desk.clock.told = True
        calls = desk.calls = NotedCalls(clock)
        town.seat(desk, people)
        group = await stack.enter_async_context(asyncio.TaskGroup())
        telegram = Telegram(door, clock, SECRET, random, group)
        wire = telegram.wire = Wire(app, door, telegram.take)
        stack.push_async_callback(wire.close)
        await stack.enter_async_context(serving(wire, socket, patience=1))
        stack.callback(desk.close)
        crew = Crew(base, server.address(database), folder, door, clock)
        stack.callback(crew.end)
        await crew.begin()
        tending = group.create_task(crew.tend())
        once = aiohttp.TCPConnector(force_close=True)  # one left idle may be closed as it is used
        http = await stack.enter_async_context(aiohttp.ClientSession(connector=once))
        portal = Portal(desk.settings, desk.clock)
        portal.start(http)
        this = Round(
            seed=seed,
            stops=stops,
            blows=weather.storms(random, len(stops), kills),
            families=people,
            places=rows,
            group=group,
            clock=clock,
            journey=Journey(clock, desk, calls, telegram, crew, db),
            desk=desk,
            wire=wire,
            calls=calls,
            portal=portal,
            telegram=telegram,
            parents=Parents(desk, telegram, clock, people),
            crew=crew,
            server=server,
            database=database,
            db=db,
            random=random,
        )
        this.texted = accounts.note_senders(desk)
        stuck = ""
        try:
            await this.play()
        except* Stuck as errors:
            stuck = str(errors.exceptions[0])
        for *_, killing in this.hunts:
            killing.cancel()
        ended = clock.now()
        telegram.closed = True
        tending.cancel()
        crew.end()
        async with this.connected() as connection:
            records = await read(connection)
        account = accounts.settle(this, records, ended)
        account.errors = accounts.errors_in(folder / "log")
        if stuck:
            account.illegal.append(f"stuck: {stuck}")
    account.seconds = time.monotonic() - began
    return account
