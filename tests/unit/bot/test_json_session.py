"""A call says as JSON what it said as a form."""

import json

import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramServerError,
)
from aiogram.methods import EditMessageText, SendDocument, SendMessage
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


CALL = SendMessage(chat_id=7, text="<b>Ә</b>")


async def test_of_a_message_only_the_id_is_read() -> None:
    content = '{"ok":true,"result":{"message_id":8,"date":"whenever","chat":{}}}'
    message = JsonSession().check_response(BOT, CALL, 200, content).result
    assert message is not None
    assert message.message_id == 8


@pytest.mark.parametrize(
    ("status", "content", "error"),
    [
        (400, '{"ok": false, "description": "chat not found"}', TelegramBadRequest),
        (200, '{"ok": false, "description": "no"}', TelegramAPIError),
        (200, '{"ok": false, "result": {"message_id": 8}}', ClientDecodeError),
        (502, '{"ok": true, "result": {"message_id": 8}}', ClientDecodeError),
        (502, '{"ok": false, "description": "Bad Gateway"}', TelegramServerError),
        (200, '{"ok": true, "result": {"message_id": "8a"}}', ClientDecodeError),
        (200, '{"ok": true, "result": {}}', ClientDecodeError),
        (200, "<html>", ClientDecodeError),
        (200, "[]", ClientDecodeError),
    ],
)
async def test_what_is_wrong_is_aiograms_to_say(
    status: int, content: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        JsonSession().check_response(BOT, CALL, status, content)
