"""What a person does at the desk: writing, pressing, blocking; and what came of it."""

from __future__ import annotations

import asyncio
import base64
import mimetypes
from collections.abc import Sequence
from typing import Any

from fastapi import HTTPException

from sandbox import telegram_objects
from sandbox.desk import Desk
from sandbox.display import keyboard_view, message_view
from sandbox.people import Person
from sandbox.state import QUERY_LIFE, CallbackQuery, Chat, Json, Message, Update
from sandbox.travel import tell_time

TEXT_LIMIT = 4096
QUIET = 0.5  # seconds of silence after which a polling bot without desk routes is idle
HOME = {"latitude": 53.2833, "longitude": 69.3833}  # Kokshetau

_DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


class Act:
    """One thing that a person does, from the first update to the bot's last word."""

    def __init__(self, desk: Desk, person: Person) -> None:
        self.desk = desk
        self.person = person
        self.chat = desk.chats.of(person.id)
        self._mark = desk.state.seq
        self._updates: list[Update] = []

    def write(self, text: str) -> None:
        """Sends a text; as Telegram's apps do, a long one goes out in pieces."""
        for start in range(0, len(text), TEXT_LIMIT):
            piece = text[start : start + TEXT_LIMIT]
            self._say(text=piece, entities=_command(piece))

    def share_contact(self, contact: Json | None = None) -> None:
        """The person's own contact, or the one that is given."""
        own = {
            "phone_number": self.person.phone.removeprefix("+"),
            "first_name": self.person.first_name,
            "last_name": self.person.last_name,
            "user_id": self.person.id,
        }
        self._say(kind="contact", content=own if contact is None else contact)

    def share_location(self, location: Json | None = None) -> None:
        self._say(kind="location", content=location or HOME)

    def send_photo(self) -> None:
        stored = self.desk.files.save("photo.png", "image/png", _DOT)
        content = {
            "file_id": stored.id,
            "file_unique_id": f"u{stored.id}",
            "file_size": stored.size,
            "width": 1,
            "height": 1,
        }
        self._say(kind="photo", content=content)

    def send_document(self, name: str, content: bytes) -> None:
        """A file, as it is kept on the person's phone."""
        mime_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        stored = self.desk.files.save(name, mime_type, content)
        told = {
            "file_id": stored.id,
            "file_unique_id": f"u{stored.id}",
            "file_name": stored.name,
            "mime_type": stored.mime_type,
            "file_size": stored.size,
        }
        self._say(kind="document", content=told)

    def send_sticker(self, emoji: str) -> None:
        content = {
            "file_id": "sticker",
            "file_unique_id": "sticker",
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": emoji,
        }
        self._say(kind="sticker", content=content, text=emoji)

    def press(self, message: Message, data: str) -> CallbackQuery:
        """Presses an inline button, or forges its data."""
        state = self.desk.state
        state.last_callback_id += 1
        now = self.desk.clock.now()
        while (oldest := next(iter(state.callbacks.values()), None)) and (
            now - oldest.at > QUERY_LIFE
        ):
            del state.callbacks[oldest.id]
        query = CallbackQuery(str(state.last_callback_id), self.person.id, now)
        state.callbacks[query.id] = query
        body = telegram_objects.callback_query(query, data, message, self.person, self.desk.bot)
        self._put("callback_query", f"callbacks:{self.person.id}", body)
        return query

    def set_blocked(self, blocked: bool) -> None:
        """The bot is told of a change; a second block is none."""
        if self.chat.blocked == blocked:
            return
        self.chat.blocked = blocked
        self.desk.changes.note("users")
        date = int(self.desk.clock.now().timestamp())
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        body = telegram_objects.membership(self.person, self.desk.bot, date, old, new)
        self._put("my_chat_member", f"chat:{self.person.id}", body)

    async def outcome(self, query: CallbackQuery | None = None) -> Json:
        """Waits until the bot is done; what came, what changed, what went."""
        await settle(self.desk, self._updates)
        messages = [
            message_view(message)
            for message in self.chat.messages.values()
            if message.from_bot and message.touched > self._mark
        ]
        return {
            "messages": messages,
            "deleted": [id_ for seq, id_ in self.chat.deletions if seq > self._mark],
            "keyboard": keyboard_view(self.chat.keyboard),
            "answer": query.answer if query else None,
        }

    def _say(self, **fields: Any) -> None:
        if self.chat.blocked:
            raise HTTPException(400, "the bot is blocked by this person: unblock it first")
        self.chat.started = True
        message = self.desk.chats.add(self.chat, from_bot=False, **fields)
        body = telegram_objects.message(message, self.person, self.desk.bot)
        self._put("message", f"chat:{self.person.id}", body)

    def _put(self, kind: str, queue: str, body: Json) -> None:
        update = self.desk.updates.put(kind, queue, body)
        if update is not None:
            self._updates.append(update)


async def begin(desk: Desk, person_id: int) -> Act:
    """Somebody starts to do something. Raises 404 for an unknown person."""
    person = desk.state.people.get(person_id)
    if person is None:
        raise HTTPException(404, f"there is no person {person_id} at the desk")
    if not desk.clock.told:
        await tell_time(desk)
    return Act(desk, person)


async def settle(desk: Desk, updates: Sequence[Update] = ()) -> None:
    """Returns when the bot took these updates and is idle. Raises 504 when that takes too long."""
    try:
        async with asyncio.timeout(desk.settings.patience):
            await desk.updates.taken(updates)
            has_routes = await desk.link.settle() is not None
            while await desk.receipts.arrived():
                await desk.link.settle()
            if not has_routes and not desk.state.webhook.url:
                await desk.calls.silence(QUIET)
    except TimeoutError:
        seconds = desk.settings.patience
        raise HTTPException(504, f"the bot was not done within {seconds:g} seconds") from None


def _command(text: str) -> list[Json]:
    if not text.startswith("/") or len(text) < 2:
        return []
    return [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]


def find_message(chat: Chat, message_id: int) -> Message:
    """A message of the bot. Raises 404."""
    message = chat.messages.get(message_id)
    if message is None or not message.from_bot:
        raise HTTPException(404, f"there is no message {message_id} of the bot in this chat")
    return message
