"""The fuzzer: feeds the house, and counts what it could not bear."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import structlog

from tests.fuzz.calls import Call, event, receipt
from tests.fuzz.doors import call
from tests.fuzz.house import SECRET, Fuzzed
from tests.fuzz.updates import Updates
from tests.fuzz.values import as_bytes, mutated

AT_ONCE = 1000
"""Calls between two looks around: everybody is seated again, and time passes."""
HEADER = "X-Telegram-Bot-Api-Secret-Token"
FAILURES = ("error", "critical", "exception")


@dataclass
class Tally:
    """What came of it. `unhandled`: exceptions that nobody had foreseen, wherever they ended."""

    fed: int = 0
    errors_5xx: int = 0
    unhandled: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def trouble(self, what: str, about: object) -> None:
        self.unhandled += 1
        self.troubles[what] += 1
        self.examples.setdefault(what, repr(about)[:1500])

    def add(self, other: "Tally") -> None:
        """What another one has counted, too."""
        self.fed += other.fed
        self.errors_5xx += other.errors_5xx
        self.unhandled += other.unhandled
        self.statuses += other.statuses
        self.troubles += other.troubles
        self.examples = {**other.examples, **self.examples}


class Fuzzer:
    """The same `seed` feeds the same, as long as the house answers the same."""

    def __init__(self, fuzzed: Fuzzed, seed: int) -> None:
        self._fuzzed = fuzzed
        self._random = Random(seed)
        self._updates = Updates(self._random, fuzzed)
        self._now: object = None
        self.tally = Tally()

    async def feed(self, calls: int, told: Callable[[Tally], None] = lambda _: None) -> Tally:
        """So many calls, one after another."""
        with self._listening():
            for number in range(calls):
                if number % AT_ONCE == 0:
                    await self._look_around()
                    told(self.tally)
                await self._one(self._call())
            await self._look_around()
        return self.tally

    def _call(self) -> Call:
        random = self._random
        kind = random.random()
        if kind < 0.10:
            return receipt(random, self._fuzzed)
        if kind < 0.18:
            return event(random, self._fuzzed)
        update: Any = self._updates.make()
        if random.random() < 0.25:
            update = mutated(random, update)
        secret = SECRET if random.random() < 0.995 else "wrong"
        return Call("POST", "/telegram/webhook", as_bytes(random, update), {HEADER: secret})

    async def _one(self, made: Call) -> None:
        self._now = made
        tally = self.tally
        tally.fed += 1
        try:
            status = await call(
                self._fuzzed.app, made.method, made.path, made.body, made.headers, made.query
            )
        except Exception as error:  # noqa: BLE001 what no door has caught
            tally.trouble(f"raised {type(error).__name__}", made)
            return
        tally.statuses[status] += 1
        if status >= 500:
            tally.errors_5xx += 1
            tally.trouble(f"status {status}", made)

    async def _look_around(self) -> None:
        """Somebody may have left, or lost a role; a quarter of an hour passes and its work is
        done."""
        self._now = "what falls due"
        await self._fuzzed.seat()
        try:
            await self._fuzzed.later(minutes=self._random.choice((1, 15, 120)))
        except Exception as error:  # noqa: BLE001 a worker would have logged it
            self.tally.trouble(f"work raised {type(error).__name__}", error)
        await self._fuzzed.look()

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Everything that is logged as an error is a trouble, whoever logs it."""
        before = structlog.get_config()
        handler = _Records(self._heard)
        logging.getLogger().addHandler(handler)
        structlog.configure(
            processors=[self._event],
            wrapper_class=structlog.stdlib.BoundLogger,
            logger_factory=structlog.ReturnLoggerFactory(),
            cache_logger_on_first_use=False,
        )
        try:
            yield
        finally:
            structlog.configure(**before)
            logging.getLogger().removeHandler(handler)

    def _event(
        self, _logger: Any, method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        if method in FAILURES:
            details = {k: v for k, v in event.items() if k in ("error", "place", "work")}
            self._heard(f"{event['event']} {details}")
        raise structlog.DropEvent

    def _heard(self, what: str) -> None:
        self.tally.trouble(what, self._now)


class _Records(logging.Handler):
    """Records of libraries: asyncio's "exception was never retrieved" is one."""

    def __init__(self, heard: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self._heard(f"{record.name}: {record.getMessage()[:300]}")
