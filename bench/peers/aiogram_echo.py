"""The yardstick: a bare aiogram echo behind FastAPI, with what these bring along and no more: the
event loop and the HTTP reader in Python. `python aiogram_echo.py PORT API`."""

import sys
from typing import Any

import uvicorn
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message, Update
from fastapi import FastAPI, Request

port, api = sys.argv[1:]
session = AiohttpSession(api=TelegramAPIServer.from_base(api))
bot = Bot("1000000:desk", session=session)
dispatcher = Dispatcher()
app = FastAPI()


@dispatcher.message()
async def echo(message: Message) -> None:
    await message.answer(message.text or "")


@app.get("/health/ready")
async def ready() -> dict[str, Any]:
    return {}


@app.post("/telegram/webhook")
async def telegram(request: Request) -> dict[str, Any]:
    update = Update.model_validate(await request.json(), context={"bot": bot})
    await dispatcher.feed_update(bot, update)
    return {}


uvicorn.run(app, port=int(port), loop="asyncio", http="h11", access_log=False, log_config=None)
