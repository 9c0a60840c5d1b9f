"""Snares: a process is caught in the middle of something, held there, and then killed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

GONE = 30.0
"""Seconds after which a call is let go whose process nobody kills."""
CALLS = ("sendmessage", "editmessagetext", "deletemessage", "send.php", "sendsmsmessage")
"""What is caught of a process's calls: where a message goes out, is changed, is taken away."""


@dataclass(eq=False)
class Snare:
    """Set for the next process of that `kind`, "web" or "worker".

    `at`: "update": one has been brought to it; "call": it calls out, and nobody has heard it yet;
    "answer": what it called for is done, and the answer is on its way back. `linger`: seconds for
    which it is held there, so that more comes together with it.
    """

    kind: str
    at: str
    linger: float
    caught: asyncio.Future[str] = field(default_factory=asyncio.Future)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    def spring(self, caught: str) -> None:
        """That is the one: a process by its name, or whichever stands in that slot."""
        if not self.caught.done():
            self.caught.set_result(caught)


class Snares:
    """Those that are set."""

    def __init__(self) -> None:
        self._set: list[Snare] = []

    def set(self, snare: Snare) -> None:
        self._set.append(snare)

    def clear(self, snare: Snare) -> None:
        """It has done its work, or is given up: who was held is let go, dead or not."""
        snare.gone.set()
        if snare in self._set:
            self._set.remove(snare)

    def brought(self, slot: str) -> None:
        """An update is being brought to whoever stands there."""
        snare = self._free(slot, "update")
        if snare is not None:
            snare.spring(slot)

    def calls(self, process: str, path: str) -> Snare | None:
        """The snare that this call runs into; where one has caught the process, all it calls."""
        if not path.lower().endswith(CALLS):
            return None
        for snare in self._set:
            if snare.at != "update" and snare.caught.done() and snare.caught.result() == process:
                return snare
        free = self._free(process, "call", "answer")
        if free is not None:
            free.spring(process)
        return free

    def _free(self, process: str, *where: str) -> Snare | None:
        """One that waits for such a process, at one of these moments."""
        for snare in self._set:
            waits = snare.at in where and not snare.caught.done()
            if waits and process.startswith(snare.kind):
                return snare
        return None


async def held(snare: Snare) -> None:
    """Return when whoever was caught is dead."""
    async with asyncio.timeout(GONE):
        await snare.gone.wait()
