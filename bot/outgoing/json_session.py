"""Calls to Telegram as JSON, which the Bot API takes as well as forms. To make a form of Kazakh
text, each byte of it by its number, takes longer than all else that a call asks of us.
https://core.telegram.org/bots/api#making-requests"""

import json
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any, cast

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InputFile
from aiohttp import FormData, JsonPayload

as_text = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Message:
    """What is read of a message that Telegram answers with."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What is read of an answer that is a message."""

    result: Message


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
        """Of a message only its id: to check all of it takes far longer than to read that."""
        message = _message(content) if status_code == HTTPStatus.OK else None
        if message is None:
            return super().check_response(bot, method, status_code, content)
        return cast(Response[TelegramType], Answer(message))


def _message(content: str) -> Message | None:
    """None for whatever else it is: that is aiogram's to read."""
    try:
        told = json.loads(content)
        id_ = told["result"]["message_id"] if told["ok"] is True else None
    except (ValueError, KeyError, TypeError):
        return None
    return Message(id_) if isinstance(id_, int) else None
