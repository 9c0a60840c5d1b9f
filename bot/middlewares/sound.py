"""What Telegram never sends: numbers that are no ids of its, and NUL in a text, which PostgreSQL
keeps in none. No handler need think of either."""

from typing import Any

import structlog
from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, Message, TelegramObject, Update

from bot.middlewares.arrival import Handler
from bot.middlewares.visitor import sender

log = structlog.get_logger(__name__)

IDS = range(-(2**63), 2**63)
NUL, REPLACEMENT = "\x00", "\ufffd"


class Sound(BaseMiddleware):
    """Lets an update through whose ids are ids, and whose texts can be kept."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        assert isinstance(event, Update)
        if not all(number in IDS for number in _ids(event)) or NUL in _files(event):
            log.warning("an update with impossible ids")
            return None
        return await handler(_legible(event), data)


def _ids(update: Update) -> list[int]:
    """All its numbers that a record may keep."""
    user, chat = sender(update)
    query, message = update.callback_query, update.message
    if query is not None and query.message is not None:
        message = query.message  # type: ignore[assignment]  # perhaps an inaccessible one
    ids = [one.id for one in (user, chat) if one is not None]
    return [update.update_id, *ids, *([] if message is None else [message.message_id])]


def _files(update: Update) -> str:
    """The ids of what was sent."""
    message = update.message
    if message is None:
        return ""
    sent = [*(message.photo or ()), *([message.document] if message.document else ())]
    return "".join(one.file_id for one in sent)


def _legible(update: Update) -> Update:
    """With another sign in the place of each NUL."""
    query, message = update.callback_query, update.message
    if query is not None and NUL in (query.data or ""):
        return update.model_copy(update={"callback_query": _clean(query, "data")})
    if message is not None and NUL in (message.text or "") + (message.caption or ""):
        return update.model_copy(update={"message": _clean(message, "text", "caption")})
    return update


def _clean(event: CallbackQuery | Message, *names: str) -> TelegramObject:
    texts = {name: text for name in names if (text := getattr(event, name))}
    clean = {name: text.replace(NUL, REPLACEMENT) for name, text in texts.items()}
    return event.model_copy(update=clean)
