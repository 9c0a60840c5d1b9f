"""The one place where background work runs (design decision 10)."""

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

import structlog

log = structlog.get_logger(__name__)


class Nursery:
    """Runs work beside the answers to people. What fails is logged; the rest goes on."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def start(self, work: Coroutine[Any, Any, object], *, name: str) -> None:
        """Let `work` run until it ends or the nursery closes."""
        task = asyncio.get_running_loop().create_task(_watched(work, name), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end(self, name: str) -> None:
        """End the work of that name, wherever it is."""
        named = [task for task in self._tasks if task.get_name() == name]
        for task in named:
            task.cancel()
        await asyncio.gather(*named, return_exceptions=True)

    async def settled(self) -> bool:
        """Wait until nothing short-lived runs; False when nothing did. Services, which never
        end, are named `service:…`."""
        waited = False
        while short := [t for t in self._tasks if not t.get_name().startswith("service:")]:
            await asyncio.wait(short)
            waited = True
        return waited


async def _watched(work: Coroutine[Any, Any, object], name: str) -> None:
    try:
        await work
    except Exception:
        log.exception("background work failed", work=name)
