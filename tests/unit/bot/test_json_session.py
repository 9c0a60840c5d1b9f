"""A call says as JSON what it said as a form."""

import json

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
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
