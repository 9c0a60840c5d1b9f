"""The desk's records as objects of the Bot API."""

from __future__ import annotations

from sandbox.people import Person
from sandbox.state import CallbackQuery, Json, Message

CAPTIONED = ("document", "photo")


def user(person: Person) -> Json:
    return {
        "id": person.id,
        "is_bot": False,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "language_code": person.language_code,
    }


def chat(person: Person) -> Json:
    return {
        "id": person.id,
        "type": "private",
        "first_name": person.first_name,
        "last_name": person.last_name,
    }


def message(record: Message, person: Person, bot: Json) -> Json:
    """`Message` of the Bot API; dates are Unix seconds."""
    body: Json = {
        "message_id": record.id,
        "from": bot if record.from_bot else user(person),
        "chat": chat(person),
        "date": int(record.date.timestamp()),
    }
    if record.edited_at:
        body["edit_date"] = int(record.edited_at.timestamp())
    captioned = record.kind in CAPTIONED
    if record.kind == "photo":
        body["photo"] = [record.content]
    elif record.kind != "text":
        body[record.kind] = record.content
    if record.kind == "venue":
        body["location"] = record.content["location"]
    if record.text and (captioned or record.kind == "text"):
        body["caption" if captioned else "text"] = record.text
        if record.entities:
            body["caption_entities" if captioned else "entities"] = record.entities
    if record.buttons:
        body["reply_markup"] = {"inline_keyboard": record.buttons}
    return body


def callback_query(
    query: CallbackQuery, data: str, record: Message, person: Person, bot: Json
) -> Json:
    return {
        "id": query.id,
        "from": user(person),
        "message": message(record, person, bot),
        "chat_instance": f"desk-{person.id}",
        "data": data,
    }


def membership(person: Person, bot: Json, date: int, old: str, new: str) -> Json:
    """`ChatMemberUpdated`: statuses are `member` and `kicked`."""

    def member(status: str) -> Json:
        until = {"until_date": 0} if status == "kicked" else {}
        return {"user": bot, "status": status, **until}

    return {
        "chat": chat(person),
        "from": user(person),
        "date": date,
        "old_chat_member": member(old),
        "new_chat_member": member(new),
    }
