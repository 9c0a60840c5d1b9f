"""A call says as JSON what it said as a form."""

import json

import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramBadRequest
from aiogram.methods import EditMessageText, SendDocument
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup
from aiohttp import FormData, JsonPayload

from bot.outgoing.json_session import JsonSession

BOT = Bot("1:desk", JsonSession(), DefaultBotProperties(parse_mode="HTML"))
KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="✅ Растау", callback_data="a:1:2")]]
)


async def test_a_screen_is_json_with_the_bots_defaults_and_nothing_empty() -> None:
    call = EditMessageText(chat_id=7, message_id=8, text="<b>Ә</b>", reply_markup=KEYBOARD)
    made = JsonSession().build_form_data(BOT, call)
    assert isinstance(made, JsonPayload)
    assert made.content_type == "application/json"
    assert json.loads(made.decode()) == {
        "chat_id": 7,
        "message_id": 8,
        "text": "<b>Ә</b>",
        "parse_mode": "HTML",
        "reply_markup": {"inline_keyboard": [[{"text": "✅ Растау", "callback_data": "a:1:2"}]]},
    }


async def test_a_file_goes_as_a_form() -> None:
    call = SendDocument(chat_id=7, document=BufferedInputFile(b"%PDF", "referral.pdf"))
    assert isinstance(JsonSession().build_form_data(BOT, call), FormData)


@pytest.mark.parametrize("content", ['{"ok": true, "result": {"message_id": 8}}', '{"ok":true}'])
async def test_what_an_edit_answers_is_not_read(content: str) -> None:
    call = EditMessageText(chat_id=7, message_id=8, text="<b>Ә</b>")
    assert JsonSession().check_response(BOT, call, 200, content).result is True


@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (400, '{"ok": false, "description": "message to edit not found"}', TelegramBadRequest),
        (200, '{"ok": false, "description": "no"}', TelegramAPIError),
        (200, "<html>", ClientDecodeError),
        (200, "[]", ClientDecodeError),
    ],
)
async def test_what_is_wrong_with_an_edit_is_aiograms_to_say(
    status: int, content: str, error: type[Exception]
) -> None:
    call = EditMessageText(chat_id=7, message_id=8, text="<b>Ә</b>")
    with pytest.raises(error):
        JsonSession().check_response(BOT, call, status, content)
