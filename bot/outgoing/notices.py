"""Notices by Telegram: rendered at the moment of sending, sent through the gate."""

from datetime import timedelta

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramRetryAfter,
)

from bot.outgoing import broadcasts, digest
from bot.outgoing.cards import card_of
from bot.outgoing.gate import ChatGone, Gate
from bot.outgoing.health import Health
from bot.outgoing.pace import TooLate
from bot.screens import notices
from bot.screens.base import Screen
from core.figures.digest import KIND as DIGEST
from core.notices.values import (
    BROADCAST,
    Again,
    Closed,
    Gone,
    Held,
    Notice,
    Outcome,
    Pointless,
    Refused,
    Sent,
)
from core.services import Core
from locales.texts import texts


class TelegramNotices:
    """Carries notices into chats, and takes the buttons off those that are answered."""

    def __init__(self, core: Core, gate: Gate, health: Health) -> None:
        self._core = core
        self._gate = gate
        self._health = health

    async def carry(self, notice: Notice) -> Outcome:
        """Send it, or close it, in the reader's language and as things stand at that moment."""
        try:
            outcome = await self._deliver(notice)
        except ChatGone:
            outcome = Gone()
        except TooLate as late:
            return Again("no_turn", timedelta(seconds=late.held) if late.held else None)
        except TelegramRetryAfter as error:
            self._health.failed()
            return Again("too_many_requests", timedelta(seconds=error.retry_after))
        except (TelegramBadRequest, TelegramEntityTooLarge):
            outcome = Refused("refused")
        except (TelegramAPIError, ClientDecodeError):
            self._health.failed()
            return Again("telegram_down")
        if not isinstance(outcome, Pointless | Held):
            self._health.worked()
        return outcome

    async def _deliver(self, notice: Notice) -> Outcome:
        """A notice whose lease ends while it stands in line is not sent: it is another's then."""
        assert notice.chat_id is not None, "a notice without a chat is not claimed"
        within = (notice.lease_until - self._core.clock.now()).total_seconds()
        await self._gate.turn(notice.chat_id, notice.lane, within=within)
        if notice.kind == DIGEST and not notice.closing:
            return await digest.deliver(self._core, self._gate, notice)
        if notice.kind == BROADCAST:
            return await broadcasts.deliver(self._core, self._gate, notice)
        screen = await self._screen(notice)
        if screen is None:
            return Pointless()
        if notice.message_id is None:
            return Sent(await self._gate.notify(notice.chat_id, screen))
        await self._gate.close(notice.chat_id, notice.message_id, screen)
        return Closed()

    async def _screen(self, notice: Notice) -> Screen | None:
        card, now = await card_of(self._core, notice), self._core.clock.now()
        make = notices.closed if notice.closing else notices.render
        return make(notice.kind, card, notice.details, texts(notice.language), now)
