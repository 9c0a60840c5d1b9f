"""One update of one person, with all that a handler needs to answer it."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from aiogram.exceptions import TelegramAPIError
from markupsafe import escape

from bot.facts import Facts
from bot.outgoing.code_post import CodePost
from bot.outgoing.gate import ChatGone, Gate
from bot.screens.base import Screen
from core.login.values import Visitor
from core.services import Core
from locales.texts import Texts, texts

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Tap:
    """A press of a button, or a message, in a private chat.

    `moment` is its arrival (D8). `message_id` is the bot's message whose button was pressed, or
    the person's own message. `callback_id` is None for a message, and for a press that is taken
    up again after entering: what would be a toast is then a message.
    """

    core: Core
    gate: Gate
    code_post: CodePost
    facts: Facts
    visitor: Visitor
    t: Texts
    moment: datetime
    update_id: int
    chat_id: int
    message_id: int | None = None
    callback_id: str | None = None
    answered: bool = False

    @property
    def try_key(self) -> str:
        """Names this update, so that its second delivery is not a second try of a code."""
        return str(self.update_id)

    async def show(self, screen: Screen) -> int:
        """Turn the pressed message into this screen, or send it as a new one; its id."""
        if self.callback_id is None or self.message_id is None:
            return await self.send(screen)
        return await self.gate.edit(self.chat_id, self.message_id, screen)

    async def send(self, screen: Screen) -> int:
        """Send this screen as a new message; its id."""
        return await self.gate.send(self.chat_id, screen)

    async def toast(self, text: str) -> None:
        """A short text over the chat (plain text, 200 characters)."""
        await self._say(text, alert=False)

    async def alert(self, text: str) -> None:
        """A text that waits for OK (plain text, 200 characters)."""
        await self._say(text, alert=True)

    async def delete_message(self) -> None:
        """Take the person's message, with an IIN, a phone or a code in it, off the chat. Where
        Telegram does not do it, what they have typed counts all the same."""
        if self.callback_id is None and self.message_id is not None:
            try:
                await self.gate.delete(self.chat_id, self.message_id)
            except (TelegramAPIError, ChatGone) as error:
                log.warning("message not deleted", error=type(error).__name__)

    async def reload(self) -> None:
        """Read the visitor again after something about them has changed."""
        self.visitor = await self.core.visitors.load(self.chat_id, self.moment)
        if self.visitor.language is not None:
            self.t = texts(self.visitor.language)

    async def _say(self, text: str, *, alert: bool) -> None:
        if self.callback_id is None or self.answered:
            await self.send(Screen(escape(text)))
            return
        self.answered = True
        await self.gate.answer(self.callback_id, text, alert=alert)
