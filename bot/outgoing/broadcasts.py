"""Broadcasts on their way: each message as things stand at its turn, and the progress that staff
watch."""

import structlog
from aiogram.exceptions import ClientDecodeError, TelegramAPIError

from bot.outgoing.gate import ChatGone, Gate
from bot.outgoing.pace import TooLate
from bot.screens import broadcasts as screens
from bot.screens.staff import broadcast_runs as of_staff
from core.broadcasts.runs import Look
from core.notices.plan import Lane
from core.notices.values import Closed, Held, Notice, Outcome, Pointless, Recalled, Sent
from core.services import Core
from locales.texts import texts

log = structlog.get_logger(__name__)


async def deliver(core: Core, gate: Gate, notice: Notice) -> Outcome:
    """Send one message of a broadcast whose turn has come, or delete it. One that is paused or
    stopped meanwhile stays here."""
    assert notice.chat_id is not None, "a notice without a chat is not claimed"
    if notice.message_id is not None:
        gone = await gate.take_back(notice.chat_id, notice.message_id)
        return Recalled() if gone else Closed()
    message = await core.broadcast_runs.message(notice.details["broadcast"], notice.chat_id)
    if message is not None and message.held:
        return Held()
    if message is None or not message.wanted:
        return Pointless()
    screen = screens.message(message.content, message.kind, texts(notice.language))
    return Sent(await gate.notify(notice.chat_id, screen))


class Broadcasting:
    """Looks after what is under way, and shows it."""

    def __init__(self, core: Core, gate: Gate) -> None:
        self._core = core
        self._gate = gate

    async def look(self) -> int:
        """How many were due."""
        looks = await self._core.broadcast_runs.look(self._core.clock.now())
        for look in looks:
            try:
                await self._show(look)
            except (ChatGone, TooLate, TelegramAPIError, ClientDecodeError) as error:
                # it is shown with the next look; an end is told again when its lease is over
                log.warning(
                    "progress not shown",
                    broadcast_id=look.broadcast.id,
                    error=type(error).__name__,
                )
        return len(looks)

    async def _show(self, look: Look) -> None:
        """Into the message that was opened last; the end besides as a message of its own."""
        broadcast, runs = look.broadcast, self._core.broadcast_runs
        if broadcast.shown is not None:
            chat, message = broadcast.shown
            now = self._core.clock.now()
            visitor = await self._core.visitors.load(chat, now)
            if visitor.member is not None:  # who is no longer of staff is shown nothing more
                t = texts(visitor.language or "kk")
                if message is not None:
                    screen = of_staff.run(broadcast, look.progress, t, now)
                    shown = await self._gate.edit(chat, message, screen, lane=Lane.REMINDER)
                    if shown != message:
                        await runs.moved(broadcast.id, (chat, message), shown)
                if look.ended:
                    report = of_staff.report(broadcast, look.progress, t)
                    await self._gate.send(chat, report, lane=Lane.REMINDER)
        if look.ended:
            await runs.told(broadcast.id, broadcast.stage)
