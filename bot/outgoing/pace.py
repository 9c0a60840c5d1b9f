"""The pace at which Telegram takes messages: kept from below, shared out by lanes."""

import asyncio
import math
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Protocol

from core.notices.plan import Lane

MARGIN = 0.985
"""How much of Telegram's pace is used: what is paced below the limit is never refused."""
WINDOW = 1.005
"""Seconds in which the lanes below answers make it no more than `per_second`: a second, and a
little for what the network shifts."""
ANSWERS = 0.65
"""How much of a second's messages answers may be ahead of the pace: Telegram bears a burst, and
what is left of it is for lateness. The lanes below pay it back."""
LATENESS = 0.25
"""Seconds: so much is made up for when a timer rings late or the process was held up; more is
not, since it would come as a burst that answers had to wait for."""
CHAT_BURST = 10
"""Answers that one chat may get at once: a person taps quickly, and a tap has several answers."""

ROUNDING = 1e-6
"""Seconds by which sums of seconds are inexact, and more."""


class TooLate(Exception):
    """The turn would not have come in time: nothing was sent. `held`: seconds for which Telegram
    still wants silence."""

    def __init__(self, held: float) -> None:
        super().__init__()
        self.held = held


class Timer(Protocol):
    """What of an event loop tells and keeps time."""

    def time(self) -> float: ...

    def call_later(self, delay: float, callback: Callable[[], None]) -> asyncio.TimerHandle: ...


@dataclass(eq=False, slots=True)
class Waiting:
    """Somebody in line, to send to that chat."""

    chat_id: int
    served: asyncio.Future[None]


class Pacer:
    """Gives turns to send: `per_second` over all chats, `per_chat` a second in one.

    Lanes go strictly by their order, first come first served in a lane; whom only their own chat
    holds up lets others go ahead. An answer goes at once, and what it takes is taken from the lanes
    below: theirs are spread evenly and stay under the limit, so that there is room for it. All that
    is known stands here; it begins anew with the process.
    """

    def __init__(self, per_second: int, per_chat: int, timer: Timer | None = None) -> None:
        self._step = 1 / (per_second * MARGIN)
        self._ahead = per_second * ANSWERS * self._step
        self._chat_step = 1 / (per_chat * MARGIN)
        self._given_timer = timer
        self._lines: dict[Lane, dict[Waiting, None]] = {lane: {} for lane in Lane}
        self._newest: deque[float] = deque([-math.inf] * per_second, maxlen=per_second)
        self._next = -math.inf  # when the lanes below answers may go again
        self._chats: OrderedDict[int, float] = OrderedDict()  # chat -> when it is at rest again
        self._held_until = -math.inf
        self._alarm: asyncio.TimerHandle | None = None
        self._answers_only = False

    @cached_property
    def _timer(self) -> Timer:
        return self._given_timer or asyncio.get_running_loop()

    async def turn(self, chat_id: int, lane: Lane, *, within: float = math.inf) -> None:
        """Wait for a turn to send to that chat. Raises TooLate when it does not come `within` so
        many seconds."""
        self._refuse_if_held(within)
        if self._answers_only and lane is not Lane.ANSWER:
            raise TooLate(0)
        if not any(self._lines.values()):
            self._next = max(self._next, self._timer.time())  # nobody was late who did not wait
        waiting = Waiting(chat_id, asyncio.get_running_loop().create_future())
        self._lines[lane][waiting] = None
        self._serve()
        limit = (
            None
            if within == math.inf
            else self._timer.call_later(within, partial(refuse, waiting.served))
        )
        try:
            await waiting.served
        finally:
            self._lines[lane].pop(waiting, None)
            if limit is not None:
                limit.cancel()

    def pause(self, seconds: float) -> None:
        """Telegram wants silence for so long: nobody gets a turn meanwhile, and the lines stand
        as they are."""
        self._held_until = max(self._held_until, self._timer.time() + seconds)

    def let_go(self) -> None:
        """Answers only from now on: whoever else stands in line is refused."""
        self._answers_only = True
        for lane, line in self._lines.items():
            for waiting in line if lane is not Lane.ANSWER else ():
                refuse(waiting.served)

    async def end_of_pause(self, *, within: float = math.inf) -> None:
        """Wait until no pause holds the bot: for calls that need no turn, as they do not count.
        Raises TooLate as `turn` does."""
        self._refuse_if_held(within)
        while (left := self._held_until - self._timer.time()) > 0:
            over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._timer.call_later(left, partial(serve, over))
            await over

    def _refuse_if_held(self, within: float) -> None:
        held = max(0, self._held_until - self._timer.time())
        if within <= held:
            raise TooLate(held)

    def _serve(self) -> None:
        """Give all turns that may be given now, and set the alarm for the next one."""
        now = self._begin_to_serve()
        while (ready := self._serve_one(now)) <= now:
            pass
        if ready < math.inf:
            self._alarm = self._timer.call_later(ready - now, self._serve)

    def _begin_to_serve(self) -> float:
        """No alarm is needed any more; the time."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        now = self._timer.time()
        self._forget_chats_at_rest(now)
        return now

    def _serve_one(self, now: float) -> float:
        """Give the next turn, if it may be given now; if not, tell when one may be."""
        earliest = math.inf
        for lane, line in self._lines.items():
            if not line:
                continue
            if (open_at := self._open_at(lane)) > now:
                return min(earliest, open_at)  # no lane below opens sooner
            for waiting in line:
                if waiting.served.done():
                    continue  # it has given up, and leaves the line by itself
                ready = self._chat_ready_at(waiting.chat_id, lane)
                if ready <= now:
                    del line[waiting]
                    self._spend(waiting.chat_id, now)
                    serve(waiting.served)
                    return now
                earliest = min(earliest, ready)
        return earliest

    def _open_at(self, lane: Lane) -> float:
        """When that lane may go, as far as all chats together are concerned."""
        if lane is Lane.ANSWER:
            return max(self._held_until, self._next - self._ahead)
        return max(self._held_until, self._next, self._newest[0] + WINDOW)

    def _chat_ready_at(self, chat_id: int, lane: Lane) -> float:
        at_rest = self._chats.get(chat_id, -math.inf) - ROUNDING
        return at_rest - (CHAT_BURST - 1) * self._chat_step if lane is Lane.ANSWER else at_rest

    def _spend(self, chat_id: int, now: float) -> None:
        self._newest.append(now)
        self._next = max(self._next, now - LATENESS) + self._step
        self._chats[chat_id] = max(self._chats.get(chat_id, now), now) + self._chat_step
        self._chats.move_to_end(chat_id)

    def _forget_chats_at_rest(self, now: float) -> None:
        """Only those that were sent to of late are remembered."""
        while self._chats and next(iter(self._chats.values())) <= now:
            self._chats.popitem(last=False)


def serve(waiting: asyncio.Future[None]) -> None:
    """Their turn has come, unless they have given up."""
    if not waiting.done():
        waiting.set_result(None)


def refuse(waiting: asyncio.Future[None]) -> None:
    """Their turn would come too late."""
    if not waiting.done():
        waiting.set_exception(TooLate(0))
