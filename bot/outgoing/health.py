"""Whether a channel works as a whole: while it does not, it rests and is probed."""

from datetime import datetime, timedelta

import structlog

from core.clock import Clock

log = structlog.get_logger(__name__)

FAILURES = 5
"""Failures in a row, of whatever notices, after which it is the channel that fails."""
RESTS = tuple(timedelta(seconds=s) for s in (5, 10, 20, 40, 80, 160, 300))
"""How long it rests, the first time and after each probe that failed; the last one repeats."""


class Health:
    """Of one channel. Thousands of notices are not charged an attempt while nothing goes through:
    after each rest a single one finds out whether something does."""

    def __init__(self, channel: str, clock: Clock) -> None:
        self._channel = channel
        self._clock = clock
        self._failures = 0
        self._rests = 0
        self._probing = False
        self._rest_until: datetime | None = None

    @property
    def rest_until(self) -> datetime | None:
        """When it is probed next; None: it works, as far as is known."""
        return self._rest_until

    def room(self, wanted: int) -> int:
        """How many of so many notices may be taken on: all, none, or the one that probes. Whoever
        is given room tells what came of it: `worked`, `failed` or `unused`."""
        if self._rest_until is None:
            return wanted
        if self._probing or self._clock.now() < self._rest_until:
            return 0
        self._probing = True
        return 1

    def unused(self) -> None:
        """There was nothing to probe with, or it told nothing."""
        self._probing = False

    def worked(self) -> None:
        """Something went through, or was refused with good reason."""
        if self._rest_until is not None:
            log.info("channel works again", channel=self._channel)
        self._failures, self._rests, self._probing, self._rest_until = 0, 0, False, None

    def failed(self) -> None:
        """The channel did not do its part."""
        self._failures += 1
        if self._failures < FAILURES or (self._rest_until is not None and not self._probing):
            return
        rest = RESTS[min(self._rests, len(RESTS) - 1)]
        self._rests, self._probing = self._rests + 1, False
        self._rest_until = self._clock.now() + rest
        log.warning("channel rests", channel=self._channel, seconds=rest.total_seconds())
