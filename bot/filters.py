"""What a message is taken for. Asynchronous on purpose: aiogram runs others in a thread."""

from aiogram.filters import Filter
from aiogram.types import Message

from bot.tap import Tap


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
