"""The worker that sends notices: claimed, rendered at that moment, sent through the gate."""

import asyncio

import structlog

from bot.middlewares.errors import described
from bot.outgoing.gate import ChatGone, Gate
from bot.screens import notices, sms
from core.applications.values import ApplicationCard, NotYours
from core.notices.plan import Channel, Lane
from core.notices.values import (
    Again,
    Closed,
    Gone,
    Notice,
    Outcome,
    Pointless,
    Sent,
    SmsTaken,
)
from core.services import Core
from core.sms.service import SmsSender
from locales.texts import texts

log = structlog.get_logger(__name__)

BATCH = 25
"""Notices claimed at once: as many as Telegram takes in a second."""
ROADS = ((Channel.SMS, Lane.VOUCHER), *((Channel.TELEGRAM, lane) for lane in Lane))


class NoticeWorker:
    """Sends what is owed. A notice that was claimed and not recorded comes again by itself."""

    def __init__(self, core: Core, gate: Gate, sender: SmsSender, bot_name: str) -> None:
        self._core = core
        self._gate = gate
        self._sender = sender
        self._bot_name = bot_name

    async def run_once(self) -> int:
        """Send a batch of each lane: chats side by side, one chat's in order. How many."""
        handled = 0
        for channel, lane in ROADS:
            claimed = await self._core.notices.claim(self._core.clock.now(), channel, lane, BATCH)
            people: dict[str, list[Notice]] = {}
            for notice in claimed:
                people.setdefault(notice.iin.value, []).append(notice)
            async with asyncio.TaskGroup() as group:
                for owed in people.values():
                    group.create_task(self._send_in_order(owed))
            handled += len(claimed)
        return handled

    async def _send_in_order(self, owed: list[Notice]) -> None:
        for notice in owed:
            outcome = await self._outcome(notice)
            await self._core.notices.record([(notice, outcome)], self._core.clock.now())

    async def _outcome(self, notice: Notice) -> Outcome:
        try:
            if notice.channel is Channel.SMS:
                return await self._by_sms(notice)
            return await self._by_telegram(notice)
        except ChatGone:
            return Gone()
        except Exception as error:  # noqa: BLE001 one notice never holds up the others
            log.warning("notice not sent", notice_id=notice.id, **described(error))
            return Again(type(error).__name__[:40])

    async def _by_telegram(self, notice: Notice) -> Outcome:
        card, t, now = await self._card(notice), texts(notice.language), self._core.clock.now()
        assert notice.chat_id is not None
        if notice.closing:
            return Closed()
        screen = notices.render(notice.kind, card, notice.details, t, now)
        if screen is None:
            return Pointless()
        return Sent(await self._gate.send(notice.chat_id, screen))

    async def _by_sms(self, notice: Notice) -> Outcome:
        link = f"t.me/{self._bot_name}?start={notice.token}"
        text = sms.notice_text(notice.kind, await self._card(notice), notice.language, link)
        if text is None:
            return Pointless()
        assert notice.phone is not None
        if await self._sender.send("notice", notice.phone, text):
            return SmsTaken(None)
        return Again("no_gateway")

    async def _card(self, notice: Notice) -> ApplicationCard | None:
        """The application as it stands now; None where the notice is about none, or it has
        passed to another applicant."""
        if notice.application_id is None:
            return None
        try:
            return await self._core.applications.card_of(
                notice.application_id, notice.iin, self._core.clock.now()
            )
        except NotYours:
            return None
