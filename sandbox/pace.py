"""Telegram's pace: about 30 messages a second in all, one a second in a chat."""

from __future__ import annotations

import time
from collections import deque

from sandbox.errors import TooManyRequests


class Pace:
    def __init__(self) -> None:
        self._all: deque[float] = deque()
        self._chats: dict[int, float] = {}

    def spend(self, chat_id: int) -> None:
        """Counts one message. Raises TooManyRequests."""
        now = time.monotonic()
        while self._all and self._all[0] <= now - 1:
            self._all.popleft()
        if len(self._all) >= 30 or self._chats.get(chat_id, float("-inf")) > now - 1:
            raise TooManyRequests(1)
        self._all.append(now)
        self._chats[chat_id] = now
