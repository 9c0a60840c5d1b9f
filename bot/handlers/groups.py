"""Groups, where the bot does nothing but say that it works in private chats."""

from aiogram import Bot, Router
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bot.filters import InGroup
from bot.middlewares.visitor import language_of
from bot.outgoing.gate import Gate
from bot.screens import fallback as screens
from locales.texts import LANGUAGES, texts

INSIDE = frozenset({"member", "administrator"})


def build() -> Router:
    router = Router(name="groups")
    router.message.register(message, InGroup())
    router.callback_query.register(press, InGroup())
    router.my_chat_member.register(added, InGroup())
    return router


async def message(message: Message, gate: Gate, bot: Bot) -> None:
    """Answers a command that is meant for this bot; everything else is not its business."""
    if await _addressed(message.text or "", bot):
        language = language_of(message.from_user) if message.from_user else LANGUAGES[0]
        await gate.send(message.chat.id, screens.groups(texts(language)))


async def press(query: CallbackQuery, gate: Gate) -> None:
    await gate.answer(query.id)


async def added(event: ChatMemberUpdated, gate: Gate) -> None:
    """Says so when it is added."""
    came = event.new_chat_member.status in INSIDE and event.old_chat_member.status not in INSIDE
    if came and event.chat.type != "channel":
        await gate.send(event.chat.id, screens.groups(texts(language_of(event.from_user))))


async def _addressed(text: str, bot: Bot) -> bool:
    """`/menu`, or `/menu@` this bot."""
    if not text.startswith("/"):
        return False
    mention = text.split(maxsplit=1)[0].partition("@")[2]
    return not mention or mention.lower() == ((await bot.me()).username or "").lower()
