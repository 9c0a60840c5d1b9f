"""What the desk sets going and the worker carries out: in steps, each told in one message."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

import structlog
from aiogram.exceptions import ClientDecodeError, TelegramAPIError

from bot.outgoing.gate import ChatGone, Gate
from bot.outgoing.pace import TooLate
from bot.screens.base import Screen
from bot.screens.staff import distribution, renewal
from core.db.engine import DatabaseDown
from core.notices.plan import Lane
from core.services import Core
from locales.texts import LANGUAGES, Texts, texts

log = structlog.get_logger(__name__)

EVERY = timedelta(seconds=3)
"""How often the message is changed while work goes on."""
ENDED = frozenset({"done", "failed"})


@asynccontextmanager
async def nobody_else(_name: str) -> AsyncIterator[bool]:
    """Where there is one process, all work is its own."""
    yield True


class Progress(Protocol):
    """How far a piece of work has come, and where that is told."""

    @property
    def id(self) -> int: ...
    @property
    def state(self) -> StrEnum: ...
    @property
    def chat_id(self) -> int | None: ...
    @property
    def message_id(self) -> int | None: ...


P = TypeVar("P", bound=Progress)
Alone = Callable[[str], AbstractAsyncContextManager[bool]]
"""Whether this process, of all, has the work of that name meanwhile (`core.db.wire`)."""


class LongWork:
    """Distributions and renewals, each in one process at a time. Each step is a transaction of its
    own: after a kill, another process goes on with the next one."""

    def __init__(self, core: Core, gate: Gate, alone: Alone) -> None:
        self._core = core
        self._gate = gate
        self._alone = alone

    async def distribute(self) -> int:
        """Carry out the distributions that are to go on; how many."""
        service = self._core.distribution
        found = await service.running()
        return await self._each(
            "distribution", found, service.batch, service.fail, distribution.progress
        )

    async def renew(self) -> int:
        """Carry out the renewals that are to go on; how many."""
        service = self._core.renewal
        return await self._each(
            "renewal", await service.running(), service.step, service.fail, renewal.progress
        )

    async def _each(
        self,
        name: str,
        found: Sequence[int],
        step: Callable[[int, datetime], Awaitable[P]],
        fail: Callable[[int], Awaitable[P]],
        screen: Callable[[P, Texts], Screen],
    ) -> int:
        done = 0
        for id_ in found:
            async with self._alone(f"{name} {id_}") as mine:
                if mine:
                    await self._all(id_, step, fail, screen)
                    done += 1
        return done

    async def _all(
        self,
        id_: int,
        step: Callable[[int, datetime], Awaitable[P]],
        fail: Callable[[int], Awaitable[P]],
        screen: Callable[[P, Texts], Screen],
    ) -> None:
        """All steps that are left."""
        told: datetime | None = None
        ended = False
        while not ended:
            now = self._core.clock.now()
            progress = await _stepped(id_, now, step, fail)
            ended = progress.state.value in ENDED
            if ended or told is None or now - told >= EVERY:
                await self._tell(progress, screen, Lane.ANSWER if ended else Lane.REMINDER)
                told = now

    async def _tell(self, progress: P, screen: Callable[[P, Texts], Screen], lane: Lane) -> None:
        """Whether it is read or not, the work goes on."""
        if progress.chat_id is None or progress.message_id is None:
            return
        visitor = await self._core.visitors.load(progress.chat_id, self._core.clock.now())
        made = screen(progress, texts(visitor.language or LANGUAGES[0]))
        try:
            await self._gate.edit(progress.chat_id, progress.message_id, made, lane=lane)
        except (ChatGone, TooLate, TelegramAPIError, ClientDecodeError):
            log.warning("progress not told", chat_id=progress.chat_id, work=progress.id)


async def _stepped(
    id_: int,
    now: datetime,
    step: Callable[[int, datetime], Awaitable[P]],
    fail: Callable[[int], Awaitable[P]],
) -> P:
    """The next step. A database that is down is waited for; anything else would come again."""
    try:
        return await step(id_, now)
    except DatabaseDown:
        raise
    except Exception:
        log.exception("long work failed", work=id_)
        return await fail(id_)
