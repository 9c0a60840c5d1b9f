"""The private chats, as both sides see them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sandbox.changes import Changes
from sandbox.clock import DeskClock
from sandbox.errors import ApiError, BadRequest
from sandbox.state import Chat, Json, Message, State

TYPING_LASTS = timedelta(seconds=5)


class Chats:
    """Adds, changes and removes messages, and says so to those who watch."""

    def __init__(self, state: State, changes: Changes, clock: DeskClock) -> None:
        self._state = state
        self._changes = changes
        self._clock = clock

    def of(self, person_id: int) -> Chat:
        return self._state.chats.setdefault(person_id, Chat(person_id))

    def for_bot(self, chat_id: Any) -> Chat:
        """The chat that the bot may write to. Raises ApiError when it may not."""
        chat = self._state.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat_id in (None, ""):
            raise BadRequest("chat_id is empty")
        if chat is None or not chat.started:
            raise BadRequest("chat not found")
        if chat.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return chat

    def add(self, chat: Chat, *, from_bot: bool, **fields: Any) -> Message:
        """A new message, with the moment of now."""
        self._state.last_message_id += 1
        message = Message(
            id=self._state.last_message_id,
            chat_id=chat.id,
            date=self._clock.now(),
            from_bot=from_bot,
            **fields,
        )
        chat.messages[message.id] = message
        if from_bot:
            chat.typing_until = None
        self.touch(message)
        return message

    def touch(self, message: Message) -> None:
        message.touched = self._changes.note(f"chat:{message.chat_id}")

    def edited(self, message: Message) -> None:
        self._state.chats[message.chat_id].typing_until = None
        message.edited_at = self._clock.now()
        self.touch(message)

    def delete(self, chat: Chat, message_id: int) -> None:
        del chat.messages[message_id]
        chat.deletions.append((self._changes.note(f"chat:{chat.id}"), message_id))

    def show_typing(self, chat: Chat) -> None:
        chat.typing_until = self._clock.now() + TYPING_LASTS
        self._changes.note(f"chat:{chat.id}")

    def is_typing(self, chat: Chat) -> bool:
        return chat.typing_until is not None and chat.typing_until > self._clock.now()


def bot_user(token: str) -> Json:
    """The bot's own User object; its id is the number before the token's colon."""
    head = token.partition(":")[0]
    return {
        "id": int(head) if head.isdecimal() else 1_000_000,
        "is_bot": True,
        "first_name": "Orynbot",
        "username": "orynbot",
    }
