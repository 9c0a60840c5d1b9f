"""Faults that were ordered: what comes next is refused, delayed or dropped."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sandbox.state import Json


class CutOff(Response):
    """Promises more than it sends, so that the server breaks the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"", "more_body": True})


@dataclass
class Fault:
    """`code` None only delays, 0 drops; `times` counts down. Delay in seconds.

    `target` sms stands for both gateways; `method` None for every method but getUpdates, which
    never is "what comes next". Of the calls that fit, a `share` is hit, drawn by `seed`. `late`:
    the method runs, and only its answer is refused, delayed or dropped.
    """

    target: str
    method: str | None = None
    code: int | None = None
    retry_after: int | None = None
    times: int = 1
    delay: float = 0
    description: str | None = None
    share: float = 1
    seed: int | None = None
    late: bool = False

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def hits(self, target: str, method: str) -> bool:
        """Whether this call is one of its own; one that fits draws once."""
        targets = (target, "sms") if target in ("smsc", "mobizon") else (target,)
        if self.target not in targets:
            return False
        if self.method is None and method.lower() == "getupdates":
            return False
        if self.method is not None and self.method.lower() != method.lower():
            return False
        return self.share >= 1 or self._random.random() < self.share

    async def strike(self) -> None:
        """Waits out the delay. Raises Struck when there is more to it."""
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.code is not None:
            raise Struck(self)


class Struck(Exception):
    """A call fails as ordered; `unheard` is the answer of one that ran all the same."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"ordered: {fault.code}")
        self.fault = fault
        self.unheard: Json | None = None

    @property
    def drops(self) -> bool:
        """The connection ends without an answer."""
        return self.fault.code == 0


class Faults:
    """The faults that are left, in the order in which they were ordered."""

    def __init__(self) -> None:
        self._left: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._left.append(fault)

    def clear(self) -> None:
        self._left.clear()

    def list(self) -> list[Json]:
        return [asdict(fault) for fault in self._left]

    async def around(self, target: str, method: str, work: Callable[[], Awaitable[Json]]) -> Json:
        """Does `work`, meeting the first fault that hits before it, or after. Raises Struck."""
        fault = next((fault for fault in self._left if fault.hits(target, method)), None)
        if fault is None:
            return await work()
        fault.times -= 1
        if fault.times == 0:
            self._left.remove(fault)
        if not fault.late:
            await fault.strike()
            return await work()
        answer = await work()
        try:
            await fault.strike()
        except Struck as struck:
            struck.unheard = answer
            raise
        return answer
