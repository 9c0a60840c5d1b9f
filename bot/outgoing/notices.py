"""The worker that sends notices: claimed, rendered at that moment, sent through the gate."""

import asyncio

import structlog

from bot.middlewares.errors import described
from bot.outgoing.gate import ChatGone, Gate
from bot.screens import notices
from core.applications.values import ApplicationCard, NotYours
from core.notices.service import Notice
from core.services import Core
from locales.texts import texts

log = structlog.get_logger(__name__)

BATCH = 25
"""Notices claimed at once: as many as Telegram takes in a second."""


class NoticeWorker:
    """Sends what is owed. A notice that was claimed and not recorded comes again by itself."""

    def __init__(self, core: Core, gate: Gate) -> None:
        self._core = core
        self._gate = gate

    async def run_once(self) -> int:
        """Send a batch of due notices: chats side by side, one chat's in order. How many."""
        claimed = await self._core.notices.claim(self._core.clock.now(), BATCH)
        chats: dict[int, list[Notice]] = {}
        for notice in claimed:
            chats.setdefault(notice.chat_id, []).append(notice)
        async with asyncio.TaskGroup() as group:
            for owed in chats.values():
                group.create_task(self._send_in_order(owed))
        return len(claimed)

    async def _send_in_order(self, owed: list[Notice]) -> None:
        for notice in owed:
            await self._send(notice)

    async def _send(self, notice: Notice) -> None:
        """Send one, and record what came of it."""
        service, now = self._core.notices, self._core.clock.now()
        try:
            card = await self._card(notice)
            screen = notices.render(notice.kind, card, notice.details, texts(notice.language), now)
            if screen is None:
                await service.cancelled(notice.id)
                return
            message_id = await self._gate.send(notice.chat_id, screen)
        except ChatGone:
            await service.unreachable(notice, now)
        except Exception as error:  # noqa: BLE001 one notice never holds up the others
            log.warning("notice not sent", notice_id=notice.id, **described(error))
            await service.retry(notice, self._core.clock.now())
        else:
            await service.sent(notice.id, message_id, self._core.clock.now())

    async def _card(self, notice: Notice) -> ApplicationCard | None:
        """The application as it stands now; None where the notice is about none, or it has
        passed to another applicant."""
        if notice.application_id is None:
            return None
        try:
            return await self._core.applications.card(
                notice.application_id, notice.person, self._core.clock.now()
            )
        except NotYours:
            return None
