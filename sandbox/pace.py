"""Telegram's pace: about 30 messages a second in all, one a second in a chat.

Telegram's help for bots says: not more than one message a second in one chat, though short
bursts over it pass; not more than 30 a second or so in all. It does not say how long a burst may
be; the only burst that it names is that of a group, 20 a minute. So a chat has a bucket of 20
tokens here, and one more each second: whoever taps quickly is answered, and a bot that keeps more
than one a second in a chat is refused after some 20 messages.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from sandbox.errors import TooManyRequests
from sandbox.state import Json

OVERALL = 30  # messages, and messages a second
CHAT_BURST = 20  # messages; one a second after them


@dataclass
class Bucket:
    """`size` tokens at most, `rate` more each second; one message costs one."""

    size: float
    rate: float
    filled_at: float
    tokens: float = 0

    def __post_init__(self) -> None:
        self.tokens = self.size

    def wait(self, now: float) -> float:
        """Seconds until there is a token; 0: there is one."""
        self.tokens = min(self.size, self.tokens + (now - self.filled_at) * self.rate)
        self.filled_at = now
        return max(0.0, (1 - self.tokens) / self.rate)


class Pace:
    """Refuses what is over the limits while it is `enforced`; counts what it did.

    After an overrun every call is refused for `punish` seconds, whatever it asks for.
    """

    def __init__(self, *, enforced: bool, punish: float = 0) -> None:
        self.order(enforced=enforced, punish=punish)

    def order(self, *, enforced: bool, punish: float = 0, chat_burst: int = CHAT_BURST) -> None:
        """Begins anew, with full buckets and nothing counted."""
        self.enforced = enforced
        self._punish = punish
        self._chat_burst = chat_burst
        self._all = Bucket(OVERALL, OVERALL, time.monotonic())
        self._chats: dict[object, Bucket] = {}
        self._punished_until = float("-inf")
        self._counts = {"passed": 0, "refused": 0, "overruns": 0, "chat_overruns": 0}

    def view(self) -> Json:
        """The order, and since it: messages passed, calls refused, and how often which limit
        was overrun (`overruns` counts both)."""
        order = {"enforce": self.enforced, "punish": self._punish, "chat_burst": self._chat_burst}
        return {**order, **self._counts}

    def arrive(self, chat_id: object = None) -> None:
        """One call arrives; it costs a token when it is for a chat. Raises TooManyRequests."""
        if not self.enforced:
            return
        now = time.monotonic()
        if now < self._punished_until:
            self._refuse(self._punished_until - now)
        if chat_id is None:
            return
        chat = self._chats.get(chat_id)
        if chat is None:
            chat = self._chats[chat_id] = Bucket(self._chat_burst, 1, now)
        wait, chat_wait = self._all.wait(now), chat.wait(now)
        if wait or chat_wait:
            self._counts["overruns"] += 1
            self._counts["chat_overruns"] += chat_wait > 0
            self._punished_until = now + self._punish
            self._refuse(self._punish or max(wait, chat_wait))
        self._all.tokens -= 1
        chat.tokens -= 1
        self._counts["passed"] += 1

    def _refuse(self, seconds: float) -> None:
        self._counts["refused"] += 1
        raise TooManyRequests(max(1, math.ceil(seconds)))
