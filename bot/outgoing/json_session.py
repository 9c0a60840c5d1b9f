"""Calls to Telegram as JSON, which the Bot API takes as well as forms. To make a form of Kazakh
text, each byte of it by its number, takes longer than all else that a call asks of us.
https://core.telegram.org/bots/api#making-requests"""

import json
from functools import partial
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods import TelegramMethod
from aiogram.types import InputFile
from aiohttp import FormData, JsonPayload

as_text = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


class JsonSession(AiohttpSession):
    """aiogram's session; calls with files in them are forms still."""

    def build_form_data(  # type: ignore[override]  # aiohttp takes either
        self, bot: Bot, method: TelegramMethod[Any]
    ) -> FormData | JsonPayload:
        files: dict[str, InputFile] = {}
        given = method.model_dump(warnings=False, exclude_none=True)
        values = self.prepare_value(given, bot, files, _dumps_json=False)
        if files:
            return super().build_form_data(bot, method)
        return JsonPayload(values, dumps=as_text)
