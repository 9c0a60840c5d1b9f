"""The recorder: outcomes are written as they become known, many in one transaction."""

import asyncio
from datetime import timedelta

import structlog

from bot.middlewares.errors import described
from core.clock import Clock
from core.db.engine import DatabaseDown
from core.notices.outbox import Notices
from core.notices.values import Notice, Outcome

log = structlog.get_logger(__name__)

PAUSE = timedelta(seconds=1)
"""Between two tries to write what a database that is down does not take."""

Batch = list[tuple[Notice, Outcome]]


class Recorder:
    """Writes whatever has come together while the previous write ran (group commit)."""

    def __init__(self, notices: Notices, clock: Clock) -> None:
        self._notices = notices
        self._clock = clock
        self._next: Batch = []
        self._writing = asyncio.Lock()

    async def record(self, notice: Notice, outcome: Outcome) -> None:
        """Return when it is written, or somebody else has the notice by now. A database that is
        down is waited for: what has been sent must not be sent again."""
        batch = self._next
        batch.append((notice, outcome))
        async with self._writing:
            if batch is not self._next:
                return  # whoever came first has written it along
            self._next = []
            await self._write(batch)

    async def _write(self, batch: Batch) -> None:
        while True:
            try:
                await self._notices.record(batch, self._clock.now())
                return
            except DatabaseDown:
                log.warning("the database is down", notices=len(batch))
                await asyncio.sleep(PAUSE.total_seconds())
            except Exception as error:  # noqa: BLE001 one that cannot be written takes no other with it
                if len(batch) == 1:
                    log.error("notice not recorded", notice_id=batch[0][0].id, **described(error))
                    return
                for entry in batch:
                    await self._write([entry])
                return
