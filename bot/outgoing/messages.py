"""Screens as calls of the Bot API."""

from typing import Any

from aiogram.methods import EditMessageText, SendDocument, SendMessage, SendPhoto
from aiogram.types import BufferedInputFile, InlineKeyboardMarkup, LinkPreviewOptions

from bot.screens.base import Screen

HTML = "HTML"
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def message_of(
    chat_id: int, screen: Screen, silent: bool = False
) -> SendMessage | SendPhoto | SendDocument:
    """A screen as a new message."""
    if screen.photo is not None:
        return SendPhoto(photo=screen.photo, **_caption(chat_id, screen, silent))
    if screen.document is not None:
        return SendDocument(document=screen.document, **_caption(chat_id, screen, silent))
    return SendMessage(
        chat_id=chat_id,
        text=screen.text,
        reply_markup=screen.keyboard,
        parse_mode=HTML,
        link_preview_options=NO_PREVIEW,
        disable_notification=silent or None,
    )


def photo_of(chat_id: int, picture: bytes, caption: Screen) -> SendPhoto:
    """A PNG over a caption."""
    photo = BufferedInputFile(picture, "picture.png")
    return SendPhoto(photo=photo, **_caption(chat_id, caption, silent=False))


def _caption(chat_id: int, screen: Screen, silent: bool) -> dict[str, Any]:
    return {
        "chat_id": chat_id,
        "caption": screen.text,
        "reply_markup": screen.keyboard,
        "parse_mode": HTML,
        "disable_notification": silent or None,
    }


def edit_of(
    chat_id: int, message_id: int, text: str, keyboard: InlineKeyboardMarkup | None = None
) -> EditMessageText:
    """A message turned into another text."""
    return EditMessageText(
        chat_id=chat_id,
        message_id=message_id,
        text=text,
        reply_markup=keyboard,
        parse_mode=HTML,
        link_preview_options=NO_PREVIEW,
    )
