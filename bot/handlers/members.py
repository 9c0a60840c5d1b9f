"""Who has blocked the bot, and who has come back."""

from aiogram import Router
from aiogram.types import ChatMemberUpdated

from bot.tap import Tap


def build() -> Router:
    router = Router(name="members")
    router.my_chat_member.register(changed)
    return router


async def changed(event: ChatMemberUpdated, tap: Tap) -> None:
    """A private chat's member is the bot itself: kicked means blocked."""
    visitors = tap.core.visitors
    blocked = event.new_chat_member.status == "kicked"
    await (visitors.mark_blocked if blocked else visitors.mark_back)(tap.chat_id, tap.moment)
