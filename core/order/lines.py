"""Lines: one person's updates are handled one at a time, in the order in which they came, whichever
processes they came to.

A ticket is a number of the process's and a number of its own. Standing in line, and leaving it, are
one statement for all updates that come together; while an update is handled nothing is held but its
place in the row. The tickets of a process that lives no more are thrown away by whoever waits.
"""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count

import structlog

from core.db.engine import DatabaseDown
from core.db.wire import LIVING, Wire

log = structlog.get_logger(__name__)

WORD = "turn"
LOOK = 0.3
"""Seconds between two looks of those who wait: whether whom they wait for still lives."""
AGAIN = 0.5
"""Seconds between two tries to leave a line while the database is down."""
KEPT = timedelta(days=1)
"""For how long Telegram brings an update again."""
STAND = """
WITH given AS (
    SELECT person, array_agg(ticket ORDER BY place) AS tickets
    FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS given (person, ticket, place)
    GROUP BY person ORDER BY person
), lined AS (
    INSERT INTO lines AS line (person, tickets) SELECT person, tickets FROM given
    ON CONFLICT (person) DO UPDATE SET tickets = line.tickets || excluded.tickets
    RETURNING person, tickets[1] AS first
)
SELECT person, first, NULL::bigint AS update_id, NULL::timestamptz AS moment FROM lined
UNION ALL SELECT NULL, NULL, update_id, moment FROM arrivals WHERE update_id = ANY($3::bigint[])
"""
LEAVE = """
UPDATE lines SET tickets = (
    SELECT coalesce(array_agg(ticket ORDER BY place), '{}') FROM unnest(lines.tickets)
    WITH ORDINALITY AS left_over (ticket, place) WHERE ticket <> ALL($2::bigint[])
)
FROM (
    SELECT person FROM lines WHERE person = ANY($1::bigint[]) ORDER BY person FOR UPDATE
) AS ours
WHERE lines.person = ours.person RETURNING lines.person, tickets[1] AS first
"""
OVER = f"""
WITH living AS MATERIALIZED ({LIVING})
UPDATE lines SET tickets = (
    SELECT coalesce(array_agg(ticket ORDER BY place), '{{}}') FROM unnest(lines.tickets)
    WITH ORDINALITY AS left_over (ticket, place)
    WHERE ticket >> 31 IN (SELECT process FROM living)
)
FROM (
    SELECT person FROM lines WHERE person = ANY($1::bigint[])
    AND tickets[1] >> 31 NOT IN (SELECT process FROM living) ORDER BY person FOR UPDATE
) AS stuck
WHERE lines.person = stuck.person
"""
TICKETS = "SELECT person, tickets FROM lines WHERE person = ANY($1::bigint[])"
FORGET = "DELETE FROM arrivals WHERE moment < $1"
ARRIVED = """
INSERT INTO arrivals SELECT * FROM unnest($1::bigint[], $2::timestamptz[])
ON CONFLICT (update_id) DO UPDATE SET moment = least(arrivals.moment, excluded.moment)
"""


class _Ticket:
    """One update that waits for its turn, or has it."""

    def __init__(self, number: int, person: int, update_id: int) -> None:
        self.number = number
        self.person = person
        self.update_id = update_id
        self.turn: asyncio.Future[datetime | None] = asyncio.get_running_loop().create_future()
        self.arrived: datetime | None = None
        self.stands = False


class Lines:
    """The lines as this process sees them."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._numbers = count(1)
        self._coming: list[_Ticket] = []
        self._waiting: dict[int, _Ticket] = {}
        self._ours: set[int] = set()  # tickets, from standing in line until they are given back
        self._leaving: list[_Ticket] = []
        self._arrived: dict[int, datetime] = {}
        self._stir = asyncio.Event()
        wire.on(WORD, self._hear)

    async def stand(self, person: int, update_id: int) -> tuple[int, datetime | None]:
        """Wait for that update's turn. The ticket, to `leave` with; and when the update came for
        the first time, if it found the database down then (D8). Raises DatabaseDown."""
        number = (self._wire.process << 31) | (next(self._numbers) & 0x7FFFFFFF)
        ticket = _Ticket(number, person, update_id)
        self._waiting[number] = ticket
        self._ours.add(number)
        self._coming.append(ticket)
        self._stir.set()
        try:
            return number, await ticket.turn
        except asyncio.CancelledError:
            self._leave(ticket)
            raise
        finally:
            self._waiting.pop(number, None)

    def leave(self, ticket: int, person: int) -> None:
        """The update of that ticket is through: the next one may be handled."""
        self._leave(_Ticket(ticket, person, 0))

    def arrived(self, update_id: int, moment: datetime) -> None:
        """Tell all processes, as soon as the database is there again, when that update came, which
        Telegram will bring once more to any of them."""
        self._arrived[update_id] = moment
        self._stir.set()

    async def run(self) -> None:
        """Take places in the lines, and give them back, for ever."""
        clock = asyncio.get_running_loop().time
        next_look = 0.0
        while True:
            anybody = bool(self._waiting)
            with suppress(TimeoutError):
                async with asyncio.timeout_at(next_look if anybody else None):
                    await self._stir.wait()
            if anybody and clock() >= next_look:  # also in a crowd, which stirs without an end
                await self._look()
            if not anybody or clock() >= next_look:
                next_look = clock() + LOOK
            self._stir.clear()
            await self._take_places()
            if self._leaving:
                await self._give_back()
            if self._arrived:
                await self._tell_moments()

    async def _take_places(self) -> None:
        coming, self._coming = self._coming, []
        if not coming:
            return
        try:
            rows = await self._wire.fetch(
                STAND,
                [ticket.person for ticket in coming],
                [ticket.number for ticket in coming],
                [ticket.update_id for ticket in coming],
            )
        except Exception as error:  # noqa: BLE001 each of them is told
            for ticket in coming:
                if not ticket.turn.done():
                    ticket.turn.set_exception(error)
            self._leaving += coming  # the database may have heard us all the same
            return
        arrived = {row["update_id"]: row["moment"] for row in rows if row["update_id"] is not None}
        for ticket in coming:
            ticket.stands, ticket.arrived = True, arrived.get(ticket.update_id)
        for row in rows:
            self._give(row["person"], row["first"])

    async def _give_back(self) -> None:
        leaving, self._leaving = self._leaving, []
        persons, numbers = [t.person for t in leaving], [t.number for t in leaving]
        try:
            rows = await self._wire.fetch(LEAVE, persons, numbers)
        except Exception as error:  # noqa: BLE001 the places are given back in the end
            log.warning("places not given back", error=type(error).__name__)
            self._leaving += leaving
            asyncio.get_running_loop().call_later(AGAIN, self._stir.set)
            return
        self._ours.difference_update(numbers)
        for row in rows:
            self._pass_on(row["person"], row["first"])

    async def _tell_moments(self) -> None:
        moments, self._arrived = self._arrived, {}
        try:
            await self._wire.fetch(FORGET, min(moments.values()) - KEPT)
            await self._wire.fetch(ARRIVED, list(moments), list(moments.values()))
        except Exception as error:  # noqa: BLE001 they are told in the end
            log.warning("moments not told", error=type(error).__name__)
            self._arrived = moments | self._arrived
            asyncio.get_running_loop().call_later(AGAIN, self._stir.set)

    async def _look(self) -> None:
        """Nobody waits for the dead, nor for a word that was lost; nor where the line was lost, as
        others take us for dead while we are not connected."""
        waiting = [ticket for ticket in self._waiting.values() if ticket.stands]
        if not waiting:
            return
        persons = [ticket.person for ticket in waiting]
        standing: set[int] = set()
        try:
            await self._wire.fetch(OVER, persons)
            for row in await self._wire.fetch(TICKETS, persons):
                standing.update(row["tickets"])
                self._pass_on(row["person"], row["tickets"][0] if row["tickets"] else None)
        except Exception as error:  # noqa: BLE001 whoever waits comes again
            log.warning("lines not read", error=type(error).__name__)
            standing.clear()
        for ticket in waiting:
            if ticket.number not in standing and not ticket.turn.done():
                ticket.turn.set_exception(DatabaseDown())
                self._leave(ticket)

    def _hear(self, told: str) -> None:
        """Another process tells who is the first now."""
        number, _, person = told.partition(" ")
        self._give(int(person), int(number))

    def _pass_on(self, person: int, number: int | None) -> None:
        """Whoever is the first has its turn, in whichever process it waits."""
        if number is not None and not self._give(person, number):
            self._wire.tell(WORD, f"{number} {person}")

    def _give(self, person: int | None, number: int | None) -> bool:
        """Whether the ticket is one of ours; then it has its turn. One that nobody holds any more
        goes: the database has forgotten in a crash that it was given back, or has heard of it too
        late, when its update had been told to come again."""
        if person is None or number is None or number >> 31 != self._wire.process:
            return False
        ticket = self._waiting.get(number)
        if ticket is not None and not ticket.turn.done():
            ticket.turn.set_result(ticket.arrived)
        elif number not in self._ours:
            self._leave(_Ticket(number, person, 0))
        return True

    def _leave(self, ticket: _Ticket) -> None:
        self._leaving.append(ticket)
        self._stir.set()
