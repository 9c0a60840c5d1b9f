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
    blocked = event.new_chat_member.status == "kicked"
    await tap.core.visitors.mark_blocked(tap.chat_id, tap.moment if blocked else None)
