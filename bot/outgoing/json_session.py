"""Calls to Telegram as JSON, which the Bot API takes as well as forms. To make a form of Kazakh
text, each byte of it by its number, takes longer than all else that a call asks of us.
https://core.telegram.org/bots/api#making-requests"""

import json
from functools import partial
from http import HTTPStatus
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods import EditMessageText, Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InputFile
from aiohttp import FormData, JsonPayload

as_text = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


EDITED: Response[Any] = Response[bool](ok=True, result=True)
"""In place of the whole message as it is now, which Telegram tells and nobody here reads."""


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

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        if (
            isinstance(method, EditMessageText)
            and status_code == HTTPStatus.OK
            and _is_taken(content)
        ):
            return EDITED
        return super().check_response(bot, method, status_code, content)


def _is_taken(content: str) -> bool:
    try:
        return json.loads(content)["ok"] is True
    except (ValueError, KeyError, TypeError):
        return False  # whatever it is, aiogram says it
