"""What a message is taken for. Asynchronous on purpose: aiogram runs others in a thread."""

import re

from aiogram.filters import Filter
from aiogram.types import Message, TelegramObject

from bot.tap import Tap
from core.identity.rules import SPACES_AND_DASHES


class Awaiting(Filter):
    """A text, while the conversation waits for one of these."""

    def __init__(self, *states: str) -> None:
        self.states = frozenset(states)

    async def __call__(self, message: Message, tap: Tap) -> bool:
        return message.text is not None and tap.visitor.awaiting in self.states


class HasContact(Filter):
    """A shared contact."""

    async def __call__(self, message: Message) -> bool:
        return message.contact is not None


SECRET = re.compile(r"[0-9]{6}|[0-9]{12}")


def digits_of(text: str) -> str:
    """The text without the spaces and dashes that people type between digits."""
    return SPACES_AND_DASHES.sub("", text)


class LooksSecret(Filter):
    """A text that can only be a code or an IIN: it must not stay in the chat."""

    async def __call__(self, message: Message) -> bool:
        return SECRET.fullmatch(digits_of(message.text or "")) is not None


class InGroup(Filter):
    """An update from a chat that is not private: it has no Tap."""

    async def __call__(self, event: TelegramObject, tap: Tap | None = None) -> bool:
        return tap is None
