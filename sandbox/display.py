"""The chat as the person sees it: as JSON for scripts and the page, and as plain text."""

from __future__ import annotations

from sandbox.chats import Chats
from sandbox.clock import ALMATY, iso
from sandbox.html_entities import render
from sandbox.people import Person
from sandbox.state import Chat, Json, Message, ReplyKeyboard


def person_view(person: Person, chat: Chat) -> Json:
    return {
        "id": person.id,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "language_code": person.language_code,
        "phone": person.phone,
        "iin": person.iin,
        "blocked": chat.blocked,
    }


def message_view(message: Message) -> Json:
    view: Json = {
        "message_id": message.id,
        "date": iso(message.date),
        "from": "bot" if message.from_bot else "user",
        "text": message.text,
        "html": render(message.text, message.entities),
        "buttons": message.buttons,
        "edited": message.edited_at is not None,
        "document": None,
        "photo": None,
        "location": None,
        "venue": None,
        "contact": None,
        "deleted": False,
    }
    if message.kind in ("document", "photo"):
        file_id = message.content["file_id"]
        view[message.kind] = {**message.content, "url": f"/sim/files/{file_id}"}
        if message.text:
            view[message.kind]["caption"] = message.text
    elif message.kind in ("location", "venue", "contact"):
        view[message.kind] = message.content
    return view


def keyboard_view(keyboard: ReplyKeyboard | None) -> Json | None:
    if keyboard is None:
        return None
    return {
        "rows": keyboard.rows,
        "one_time": keyboard.one_time,
        "placeholder": keyboard.placeholder,
    }


def chat_view(chat: Chat, chats: Chats) -> Json:
    return {
        "messages": [message_view(message) for message in chat.messages.values()],
        "keyboard": keyboard_view(chat.keyboard),
        "typing": chats.is_typing(chat),
    }


def chat_text(chat: Chat) -> str:
    """Blocks of text, one a message, buttons below as `[ label ]`, a row a line."""
    blocks = [_block(message) for message in chat.messages.values()]
    if chat.keyboard:
        blocks.append("\n".join(["⌨", *_rows(chat.keyboard.rows)]))
    return "\n\n".join(blocks) + "\n"


def _block(message: Message) -> str:
    who = "bot" if message.from_bot else "you"
    edited = " (edited)" if message.edited_at else ""
    lines = [f"{who} {message.date.astimezone(ALMATY):%d.%m.%Y %H:%M}{edited}"]
    lines += _attachment(message)
    if message.text:
        lines.append(message.text)
    return "\n".join(lines + _rows(message.buttons))


def _attachment(message: Message) -> list[str]:
    content = message.content
    match message.kind:
        case "document":
            return [f"📎 {content['file_name']}"]
        case "photo":
            return ["📷"]
        case "location":
            return [f"📍 {content['latitude']}, {content['longitude']}"]
        case "venue":
            return [f"📍 {content['title']}, {content['address']}"]
        case "contact":
            return [f"👤 {content['first_name']} {content['phone_number']}"]
    return []


def _rows(rows: list[list[Json]]) -> list[str]:
    return [" ".join(f"[ {button['text']} ]" for button in row) for row in rows]
