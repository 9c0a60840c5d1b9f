"""Who is there: the visitor of a private chat, in one query, as a Tap."""

from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import Chat, TelegramObject, Update, User

from bot.facts import Facts
from bot.middlewares.arrival import Handler
from bot.outgoing.code_post import CodePost
from bot.outgoing.gate import Gate
from bot.tap import Tap
from core.services import Core
from locales.texts import LANGUAGES, texts

RESUMED = "resumed"
"""The id of a press that is taken up again after entering; Telegram does not know it."""


class WhoIsThere(BaseMiddleware):
    """Builds `tap` for updates of private chats; other chats get none."""

    def __init__(self, core: Core, gate: Gate, code_post: CodePost, facts: Facts) -> None:
        self._core = core
        self._gate = gate
        self._code_post = code_post
        self._facts = facts

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        assert isinstance(event, Update)
        user, chat = sender(event)
        if user is not None and (chat is None or chat.type == "private"):
            data["tap"] = await self._tap(event, user, data)
        return await handler(event, data)

    async def _tap(self, update: Update, user: User, data: dict[str, Any]) -> Tap:
        moment = data["moment"]
        message_id, callback_id = _ids(update)
        pressed = message_id if update.callback_query else None
        visitor = await self._core.visitors.load(user.id, moment, pressed)
        if visitor.noticed and update.my_chat_member is None:
            iin = visitor.person.iin.value if visitor.person else None
            await self._core.notices.seen(user.id, iin, pressed, moment)
        if visitor.blocked and update.my_chat_member is None:
            await self._core.visitors.mark_back(user.id, moment)
        return Tap(
            core=self._core,
            gate=self._gate,
            code_post=self._code_post,
            facts=self._facts,
            visitor=visitor,
            t=texts(visitor.language or language_of(user)),
            moment=moment,
            update_id=update.update_id,
            chat_id=user.id,  # a private chat's id is the person's
            message_id=message_id,
            callback_id=callback_id,
        )


def sender(update: Update) -> tuple[User | None, Chat | None]:
    """Who sent the update, and where; no chat with a press on a message that is out of reach."""
    if update.callback_query is not None:
        message = update.callback_query.message
        return update.callback_query.from_user, message.chat if message else None
    event = update.message or update.my_chat_member
    return (event.from_user, event.chat) if event else (None, None)


def language_of(user: User) -> str:
    """The language of the person's Telegram where it is one of ours, else Kazakh."""
    language = (user.language_code or "")[:2]
    return language if language in LANGUAGES else LANGUAGES[0]


def _ids(update: Update) -> tuple[int | None, str | None]:
    """The message and the callback that are to be answered."""
    query = update.callback_query
    if query is None:
        return (update.message.message_id if update.message else None), None
    message_id = query.message.message_id if query.message else None
    return message_id, None if query.id == RESUMED else query.id
