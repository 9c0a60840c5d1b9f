"""The pace of several processes: each takes some turns ahead in one statement."""

import asyncio
import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Protocol

import structlog

from bot.outgoing.pace import Pacer, Timer, Waiting, refuse, serve
from core.db.engine import DatabaseDown
from core.notices.plan import Lane
from core.pace.ledger import Standing

log = structlog.get_logger(__name__)

AHEAD = 0.6
"""Seconds of the pace by which answers may be ahead of it, all processes together."""
UNSEEN = 0.1
"""Seconds of the pace for which one process answers before the others have to know: with AHEAD
and LATE, four of them stay within the burst that Telegram bears."""
TAKEN = 0.2
"""Seconds of the pace that notices take ahead. They are answers' no more: so it is little."""
LATE = 0.1
"""Seconds that notices make up for when the process was held up."""
TELL = 0.05
"""Seconds after which others are told of an answer, at the latest."""
NOT_YET = 0.25
"""Seconds after which a chat is asked for again to which another process has just sent."""
AGAIN = 0.5
"""Seconds between two tries while the database is down."""
FORGET = 60.0
"""Seconds between two times at which chats at rest are forgotten."""


class Book(Protocol):
    """What of the ledger the pacer needs."""

    async def settle(
        self, sent: Sequence[int], wanted: Sequence[int], *, late: float, hold: float
    ) -> Standing: ...

    async def forget(self) -> None: ...


class SharedPacer(Pacer):
    """Gives turns as `Pacer` does, under limits that hold for all processes together.

    Answers go at once, and are entered in the ledger a moment later; the lanes below ask it for
    turns, a few of them in one statement, so that they make room for everybody's answers. A
    process that hears nothing of the ledger stops by itself after a few answers.
    """

    def __init__(
        self, book: Book, per_second: int, per_chat: int, timer: Timer | None = None
    ) -> None:
        super().__init__(per_second, per_chat, timer)
        self._book = book
        self._free = -math.inf  # up to when turns have been taken, as the ledger told last
        self._sent: list[int] = []  # the chats of answers that the ledger does not know of
        self._entering = 0  # and of how many it is just being told
        self._sent_since = math.inf
        self._waiting_since = math.inf  # of the lanes below
        self._hold = 0.0
        self._unseen = max(1, round(UNSEEN / self._step))
        self._taken = max(TAKEN, self._step)
        self._ask = asyncio.Event()

    def pause(self, seconds: float) -> None:
        """Telegram wants silence: of all processes."""
        self.hold(seconds)
        self._hold = max(self._hold, seconds)
        self._ask.set()

    def hold(self, seconds: float) -> None:
        """Another process has been asked for silence."""
        super().pause(seconds)

    async def run(self) -> None:
        """Keep the ledger, for ever."""
        forgotten = self._timer.time()
        while True:
            await self._ask.wait()
            self._ask.clear()
            try:
                await self._settle()
                if self._timer.time() - forgotten > FORGET:
                    forgotten = self._timer.time()
                    await self._book.forget()
            except Exception as error:
                if isinstance(error, DatabaseDown):
                    log.warning("the database is down", work="pace")
                else:
                    log.exception("work failed", work="pace")  # to end it would end all sending
                await asyncio.sleep(AGAIN)
                self._ask.set()
            self._serve()

    async def _settle(self) -> None:
        now = self._timer.time()
        sent, hold, wanted = self._sent, self._hold, self._wanted(now)
        if not (sent or hold or wanted):
            return
        late = min(LATE, max(0.0, now - self._waiting_since)) if wanted else 0.0
        self._sent, self._sent_since, self._hold = [], math.inf, 0.0
        self._entering = len(sent)
        try:
            standing = await self._book.settle(
                sent, [waiting.chat_id for _, waiting in wanted], late=late, hold=hold
            )
        except Exception:
            self._sent, self._hold = sent + self._sent, max(hold, self._hold)
            raise
        finally:
            self._entering = 0
        self._enter(standing, wanted)

    def _wanted(self, now: float) -> list[tuple[Lane, Waiting]]:
        """Those of the lanes below for whom there is room now, one of each chat."""
        room, found = self._room(now), dict[int, tuple[Lane, Waiting]]()
        for lane, waiting in self._at_rest(now):
            if len(found) == room:
                break
            found.setdefault(waiting.chat_id, (lane, waiting))
        return list(found.values())

    def _room(self, now: float) -> int:
        """Turns that the lanes below may take now."""
        if now < self._held_until:
            return 0
        return max(0, int((self._taken - self._lead(now)) / self._step + 1e-6))

    def _at_rest(self, now: float) -> Iterator[tuple[Lane, Waiting]]:
        """Those of the lanes below to whose chats nothing has gone a moment ago."""
        for lane, waiting in self._below():
            if waiting.chat_id not in self._sent and self._chats.get(waiting.chat_id, now) <= now:
                yield lane, waiting

    def _below(self) -> Iterator[tuple[Lane, Waiting]]:
        for lane, line in self._lines.items():
            if lane is not Lane.ANSWER:
                yield from ((lane, waiting) for waiting in line if not waiting.served.done())

    def _lead(self, now: float) -> float:
        """Seconds by which what has been sent and taken is ahead of the pace."""
        unknown = (len(self._sent) + self._entering) * self._step
        return max(self._free - now, 0.0) + unknown

    def _enter(self, standing: Standing, wanted: list[tuple[Lane, Waiting]]) -> None:
        now = self._timer.time()
        self._free = now + standing.lead
        if standing.held > 0:
            self._held_until = max(self._held_until, now + standing.held)
        for chat, rest in standing.rests.items():
            self._rest(chat, now + rest)
        turns = [(lane, one) for lane, one in wanted if one.chat_id in standing.rests]
        for place, (lane, waiting) in enumerate(turns):
            self._lines[lane].pop(waiting, None)
            turn = self._free - (len(turns) - place) * self._step
            if turn <= now:
                self._hand(lane, waiting)
            else:
                self._timer.call_later(turn - now, partial(self._hand, lane, waiting))
        for _, waiting in wanted:
            if waiting.chat_id not in standing.rests:
                self._rest(waiting.chat_id, now + NOT_YET)
        if not any(self._below()):
            self._waiting_since = math.inf

    def _rest(self, chat: int, until: float) -> None:
        self._chats[chat] = max(self._chats.get(chat, until), until)
        self._chats.move_to_end(chat)

    def _hand(self, lane: Lane, waiting: Waiting) -> None:
        """Give a turn that was taken ahead, unless Telegram wants silence by now."""
        if self._timer.time() < self._held_until and not self._answers_only:
            self._lines[lane] = {waiting: None, **self._lines[lane]}
            self._serve()
        elif self._answers_only:
            refuse(waiting.served)
        else:
            serve(waiting.served)

    def _serve(self) -> None:
        """Give answers the turns that they may have now, and see when the ledger is to be asked."""
        now = self._begin_to_serve()
        ready = min(self._answer(now), self._when_to_ask(now))
        if ready <= now:
            self._ask.set()
        elif ready < math.inf:
            self._alarm = self._timer.call_later(ready - now, self._serve)

    def _answer(self, now: float) -> float:
        """Let answers go; when the next one may."""
        line, earliest = self._lines[Lane.ANSWER], math.inf
        for waiting in [one for one in line if not one.served.done()]:
            if len(self._sent) + self._entering >= self._unseen:
                return earliest  # as soon as the ledger knows
            open_at = max(self._held_until, now + self._lead(now) - AHEAD)
            if open_at > now:
                return min(earliest, open_at)
            ready = self._chat_ready_at(waiting.chat_id, Lane.ANSWER)
            if ready > now:
                earliest = min(earliest, ready)
                continue
            del line[waiting]
            self._rest(waiting.chat_id, max(self._chats.get(waiting.chat_id, now), now))
            self._chats[waiting.chat_id] += self._chat_step
            self._sent.append(waiting.chat_id)
            self._sent_since = min(self._sent_since, now)
            serve(waiting.served)
        return earliest

    def _when_to_ask(self, now: float) -> float:
        """When the ledger is to be told, or asked for turns; not after now: at once."""
        ask_at = self._sent_since + TELL
        if self._hold or 2 * len(self._sent) >= self._unseen + 1:
            return now
        waiting = sum(len(line) for lane, line in self._lines.items() if lane is not Lane.ANSWER)
        if not waiting or self._answers_only:
            return ask_at
        self._waiting_since = min(self._waiting_since, now)
        few = min(waiting * self._step, self._taken / 2)  # a statement for less would be a waste
        room_at = now + self._lead(now) + max(few, self._step) - self._taken
        if (open_at := max(room_at, self._held_until)) > now:
            return min(ask_at, open_at)
        if self._room(now) and any(self._at_rest(now)):
            return now
        rests = [self._chats.get(one.chat_id, now) for _, one in self._below()]
        return min([ask_at, *(rest for rest in rests if rest > now)])
