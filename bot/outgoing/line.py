"""A line: one lane of one channel, from the outbox through the channel to the record."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import structlog

from bot.middlewares.errors import described
from bot.nursery import Nursery
from bot.outgoing.health import Health
from bot.outgoing.recorder import Recorder
from core.clock import Clock
from core.notices.outbox import Notices
from core.notices.plan import Channel, Lane
from core.notices.values import BROADCAST, Again, Notice, Outcome, Refused, Sent, SmsTaken
from core.trace import follow

log = structlog.get_logger(__name__)

Carry = Callable[[Notice], Awaitable[Outcome]]
"""Brings one notice to its reader."""


class Line:
    """Claims what is due while it has room, and carries it: readers side by side, one reader's
    notices in order. Nobody waits for a slow neighbour. A notice that was claimed and not recorded
    comes again by itself, when its lease is over."""

    def __init__(
        self,
        channel: Channel,
        lane: Lane,
        *,
        notices: Notices,
        carry: Carry,
        recorder: Recorder,
        health: Health,
        nursery: Nursery,
        clock: Clock,
        room: int,
        when_room: Callable[[], None],
    ) -> None:
        """`room`: notices in hand at most; `when_room` is called when half of it is free again
        and more may be due."""
        self._channel = channel
        self._lane = lane
        self._notices = notices
        self._carry = carry
        self._recorder = recorder
        self._health = health
        self._nursery = nursery
        self._clock = clock
        self._room = room
        self._when_room = when_room
        self._in_hand = 0
        self._more = False
        self._filling = asyncio.Lock()
        self._readers: dict[str, deque[Notice]] = {}

    async def fill(self) -> int:
        """Take on what is due, as far as there is room and the channel works: how many."""
        async with self._filling:
            free = self._room - self._in_hand
            if free < self._room // 2:
                return 0
            limit = self._health.room(free)
            if limit == 0:
                return 0
            claimed: list[Notice] = []
            try:
                now = self._clock.now()
                claimed = await self._notices.claim(now, self._channel, self._lane, limit)
            finally:
                if not claimed:
                    self._health.unused()
            self._more = len(claimed) == limit
            self._in_hand += len(claimed)
            for notice in claimed:
                self._take_on(notice)
            return len(claimed)

    def _take_on(self, notice: Notice) -> None:
        reader = notice.iin.value
        if reader in self._readers:
            self._readers[reader].append(notice)
        else:
            self._readers[reader] = deque([notice])
            self._nursery.start(self._carry_all(reader), name="carry notices")

    async def _carry_all(self, reader: str) -> None:
        owed = self._readers[reader]
        while owed:
            await self._carry_one(owed.popleft())
        del self._readers[reader]

    async def _carry_one(self, notice: Notice) -> None:
        with follow(notice.trace):
            await self._carry_and_record(notice)
        self._in_hand -= 1
        if self._more and self._in_hand <= self._room // 2:
            self._when_room()

    async def _carry_and_record(self, notice: Notice) -> None:
        try:
            outcome = await self._carry(notice)
        except Exception as error:  # noqa: BLE001 one notice never holds up the others
            log.warning("notice not sent", notice_id=notice.id, **described(error))
            outcome = Again("error")
        self._health.unused()
        if notice.kind != BROADCAST:  # a line for each of a hundred thousand tells nobody anything
            log.info("notice_carried", **_told(notice, outcome))
        await self._recorder.record(notice, outcome)


def _told(notice: Notice, outcome: Outcome) -> dict[str, object]:
    told: dict[str, object] = {"notice": notice.id, "kind": notice.kind}
    told |= {"channel": notice.channel.value, "outcome": type(outcome).__name__}
    match outcome:
        case Sent(message_id):
            told["message"] = message_id
        case SmsTaken(sms_id):
            told["sms"] = sms_id
        case Again(because) | Refused(because):
            told["because"] = because
    return told
