"""Faults that were ordered: what comes next is refused, delayed or dropped."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from sandbox.state import Json


class Dropped(Exception):
    """The connection ends without an answer."""


class CutOff(Response):
    """Promises more than it sends, so that the server breaks the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"", "more_body": True})


@dataclass
class Fault:
    """`code` None only delays, 0 drops; `times` counts down. Delay in seconds.

    `method` None stands for every method but getUpdates, which never is "what comes next".
    """

    target: str
    method: str | None = None
    code: int | None = None
    retry_after: int | None = None
    times: int = 1
    delay: float = 0
    description: str | None = None

    def fits(self, target: str, method: str) -> bool:
        if self.times < 1 or self.target != target:
            return False
        if self.method is None:
            return method.lower() != "getupdates"
        return self.method.lower() == method.lower()


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

    async def meet(self, target: str, method: str) -> Fault | None:
        """Uses up one fault, waiting out its delay; None: all goes well. Raises Dropped."""
        fault = next((fault for fault in self._left if fault.fits(target, method)), None)
        if fault is None:
            return None
        fault.times -= 1
        if fault.times == 0:
            self._left.remove(fault)
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.code == 0:
            raise Dropped
        return fault if fault.code else None
