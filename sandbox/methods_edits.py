"""Methods that change what was sent, and answer presses."""

from __future__ import annotations

from datetime import timedelta

from sandbox.desk import Desk
from sandbox.errors import BadRequest
from sandbox.keyboards import parse_inline
from sandbox.methods_sending import as_telegram, caption, message_text
from sandbox.parameters import flag, list_of, words
from sandbox.state import QUERY_LIFE, Chat, Json, Message
from sandbox.telegram_objects import CAPTIONED

DELETABLE = timedelta(hours=48)

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)
QUERY_DEAD = "query is too old and response timeout expired or query ID is invalid"


def _to_edit(desk: Desk, params: Json) -> tuple[Chat, Message]:
    chat = desk.chats.for_bot(params.get("chat_id"))
    message_id = params.get("message_id")
    message = chat.messages.get(message_id) if isinstance(message_id, int) else None
    if message is None:
        raise BadRequest("message to edit not found")
    if not message.from_bot or message.has_reply_keyboard:
        raise BadRequest("message can't be edited")
    return chat, message


def _change(
    desk: Desk, message: Message, text: str, entities: list[Json], buttons: list[list[Json]]
) -> object:
    if (text, entities, buttons) == (message.text, message.entities, message.buttons):
        raise BadRequest(NOT_MODIFIED)
    message.text, message.entities, message.buttons = text, entities, buttons
    desk.chats.edited(message)
    return as_telegram(desk, message)


async def edit_message_text(desk: Desk, params: Json) -> object:
    _, message = _to_edit(desk, params)
    text, entities = message_text(params)
    buttons = parse_inline(params.get("reply_markup"))
    if message.kind != "text":
        raise BadRequest("there is no text in the message to edit")
    return _change(desk, message, text, entities, buttons)


async def edit_message_caption(desk: Desk, params: Json) -> object:
    _, message = _to_edit(desk, params)
    text, entities = caption(params)
    buttons = parse_inline(params.get("reply_markup"))
    if message.kind not in CAPTIONED:
        raise BadRequest("there is no caption in the message to edit")
    return _change(desk, message, text, entities, buttons)


async def edit_message_reply_markup(desk: Desk, params: Json) -> object:
    _, message = _to_edit(desk, params)
    buttons = parse_inline(params.get("reply_markup"))
    return _change(desk, message, message.text, message.entities, buttons)


async def delete_message(desk: Desk, params: Json) -> object:
    chat = desk.chats.for_bot(params.get("chat_id"))
    message_id = params.get("message_id")
    message = chat.messages.get(message_id) if isinstance(message_id, int) else None
    if message is None:
        raise BadRequest("message to delete not found")
    if desk.clock.now() - message.date > DELETABLE:
        raise BadRequest("message can't be deleted for everyone")
    desk.chats.delete(chat, message.id)
    return True


async def delete_messages(desk: Desk, params: Json) -> object:
    """1–100 ids; those that cannot be found or deleted are skipped."""
    chat = desk.chats.for_bot(params.get("chat_id"))
    ids = list_of(int, params, "message_ids")
    if not 1 <= len(ids) <= 100:
        raise BadRequest("message identifiers are not specified")
    for message_id in ids:
        message = chat.messages.get(message_id)
        if message is not None and desk.clock.now() - message.date <= DELETABLE:
            desk.chats.delete(chat, message.id)
    return True


async def answer_callback_query(desk: Desk, params: Json) -> object:
    """Within 150 seconds of the press; the first answer is the one that is shown."""
    query = desk.state.callbacks.get(words(params, "callback_query_id"))
    if query is None or desk.clock.now() - query.at > QUERY_LIFE:
        raise BadRequest(QUERY_DEAD)
    text = words(params, "text")
    if len(text) > 200:
        raise BadRequest("MESSAGE_TOO_LONG")
    if query.answer is None:
        query.answer = {"text": text or None, "show_alert": flag(params, "show_alert")}
        if url := words(params, "url"):
            query.answer["url"] = url
    return True


METHODS = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
}
