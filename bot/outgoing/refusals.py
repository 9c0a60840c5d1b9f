"""What Telegram's refusals mean: a 400 is told apart by its words alone."""

from collections.abc import Awaitable

from aiogram.exceptions import TelegramBadRequest
from aiogram.types import Message

NOT_MODIFIED = ("message is not modified",)
CANNOT_EDIT = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "there is no text in the message to edit",
)
CANNOT_DELETE = (
    "message to delete not found",
    "message can't be deleted",
    "message identifier is not specified",
)
TOO_LATE = ("query is too old", "query id is invalid")
CHAT_UNKNOWN = ("chat not found",)


async def edited(edit: Awaitable[Message | bool]) -> bool:
    """False: that message cannot be edited. One that looks so already has been."""
    try:
        await edit
    except TelegramBadRequest as error:
        if says(error, CANNOT_EDIT):
            return False
        if not says(error, NOT_MODIFIED):
            raise
    return True


def says(error: TelegramBadRequest, texts: tuple[str, ...]) -> bool:
    """Whether it is one of these."""
    message = error.message.lower()
    return any(text in message for text in texts)
