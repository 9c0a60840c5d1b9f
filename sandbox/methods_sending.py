"""Methods that send: text, files, places, contacts, typing."""

from __future__ import annotations

from typing import Any

from sandbox import telegram_objects
from sandbox.desk import Desk
from sandbox.errors import BadRequest
from sandbox.html_entities import parse_html, trimmed, units
from sandbox.keyboards import Markup, parse_markup
from sandbox.parameters import Upload, list_of, number, words
from sandbox.photos import photo_size
from sandbox.state import Chat, Json, Message, StoredFile

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
FILE_LIMIT = 50 * 1024 * 1024  # bytes
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
}


def read_text(params: Json, name: str, entities_name: str) -> tuple[str, list[Json]]:
    """The text under `name` with its entities, from HTML or from a list. Raises BadRequest."""
    raw = words(params, name)
    mode = words(params, "parse_mode").lower()
    if mode == "html":
        return parse_html(raw)
    if mode:
        raise BadRequest("unsupported parse_mode")
    entities: list[Json] = list_of(dict, params, entities_name)
    if not all(
        isinstance(entity.get(name), kind)
        for entity in entities
        for name, kind in (("type", str), ("offset", int), ("length", int))
    ):
        raise BadRequest(f"can't parse {entities_name} JSON object")
    return trimmed(raw, entities)


def message_text(params: Json) -> tuple[str, list[Json]]:
    """1–4096 characters after entities. Raises BadRequest."""
    text, entities = read_text(params, "text", "entities")
    if not text:
        raise BadRequest("message text is empty")
    if units(text) > TEXT_LIMIT:
        raise BadRequest("message is too long")
    return text, entities


def caption(params: Json) -> tuple[str, list[Json]]:
    """0–1024 characters after entities. Raises BadRequest."""
    text, entities = read_text(params, "caption", "caption_entities")
    if units(text) > CAPTION_LIMIT:
        raise BadRequest("message caption is too long")
    return text, entities


def as_telegram(desk: Desk, message: Message) -> Json:
    return telegram_objects.message(message, desk.state.people[message.chat_id], desk.bot)


def _post(desk: Desk, chat: Chat, markup: Markup, **fields: Any) -> Json:
    if markup.reply:
        chat.keyboard = markup.reply
    elif markup.remove:
        chat.keyboard = None
    message = desk.chats.add(
        chat,
        from_bot=True,
        buttons=markup.inline or [],
        has_reply_keyboard=bool(markup.reply or markup.remove or markup.force_reply),
        **fields,
    )
    return as_telegram(desk, message)


async def send_message(desk: Desk, params: Json) -> object:
    chat = desk.chats.for_bot(params.get("chat_id"))
    text, entities = message_text(params)
    markup = parse_markup(params.get("reply_markup"))
    return _post(desk, chat, markup, text=text, entities=entities)


def _file(desk: Desk, params: Json, name: str) -> StoredFile:
    value = params.get(name)
    if isinstance(value, str) and value.startswith("attach://"):
        value = params.get(value.removeprefix("attach://"))
    if isinstance(value, Upload):
        if not value.content:
            raise BadRequest("file must be non-empty")
        if len(value.content) > FILE_LIMIT:
            raise BadRequest("file is too big")
        return desk.files.save(value.name, value.mime_type, value.content)
    if not value:
        raise BadRequest(f"there is no {name} in the request")
    stored = desk.files.find(str(value))
    if stored is None:
        raise BadRequest("wrong file identifier/HTTP URL specified")
    return stored


def file_object(stored: StoredFile) -> Json:
    return {
        "file_id": stored.id,
        "file_unique_id": f"u{stored.id}",
        "file_size": stored.size,
    }


async def send_document(desk: Desk, params: Json) -> object:
    chat = desk.chats.for_bot(params.get("chat_id"))
    text, entities = caption(params)
    markup = parse_markup(params.get("reply_markup"))
    stored = _file(desk, params, "document")
    content = {**file_object(stored), "file_name": stored.name, "mime_type": stored.mime_type}
    return _post(desk, chat, markup, text=text, entities=entities, kind="document", content=content)


async def send_photo(desk: Desk, params: Json) -> object:
    chat = desk.chats.for_bot(params.get("chat_id"))
    text, entities = caption(params)
    markup = parse_markup(params.get("reply_markup"))
    stored = _file(desk, params, "photo")
    width, height = photo_size(stored, desk.files.read(stored))
    content = {**file_object(stored), "width": width, "height": height}
    return _post(desk, chat, markup, text=text, entities=entities, kind="photo", content=content)


def _location(params: Json) -> Json:
    latitude, longitude = number(params, "latitude"), number(params, "longitude")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise BadRequest("wrong latitude or longitude specified")
    return {"latitude": latitude, "longitude": longitude}


async def send_location(desk: Desk, params: Json) -> object:
    chat = desk.chats.for_bot(params.get("chat_id"))
    markup = parse_markup(params.get("reply_markup"))
    return _post(desk, chat, markup, kind="location", content=_location(params))


async def send_venue(desk: Desk, params: Json) -> object:
    chat = desk.chats.for_bot(params.get("chat_id"))
    markup = parse_markup(params.get("reply_markup"))
    content: Json = {"location": _location(params)}
    for name in ("title", "address"):
        content[name] = words(params, name)
        if not content[name].strip():
            raise BadRequest(f"venue {name} must be non-empty")
    return _post(desk, chat, markup, kind="venue", content=content)


async def send_contact(desk: Desk, params: Json) -> object:
    chat = desk.chats.for_bot(params.get("chat_id"))
    markup = parse_markup(params.get("reply_markup"))
    content: Json = {}
    for name, words_for_it in (("phone_number", "phone number"), ("first_name", "first name")):
        content[name] = words(params, name)
        if not content[name].strip():
            raise BadRequest(f"contact {words_for_it} must be non-empty")
    if params.get("last_name"):
        content["last_name"] = words(params, "last_name")
    return _post(desk, chat, markup, kind="contact", content=content)


async def send_chat_action(desk: Desk, params: Json) -> object:
    chat = desk.chats.for_bot(params.get("chat_id"))
    if words(params, "action") not in ACTIONS:
        raise BadRequest("wrong parameter action in request")
    desk.chats.show_typing(chat)
    return True


METHODS = {
    "sendMessage": send_message,
    "sendDocument": send_document,
    "sendPhoto": send_photo,
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "sendContact": send_contact,
    "sendChatAction": send_chat_action,
}
