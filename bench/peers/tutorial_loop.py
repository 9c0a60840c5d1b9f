"""A peer: the loop of aiogram's tutorials, which sleeps after each message and when it is told to.
`python tutorial_loop.py API COUNT`."""

import asyncio
import sys

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramRetryAfter


async def main(api: str, count: int) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(api))
    async with Bot("1000000:desk", session=session) as bot:
        for chat in range(1, count + 1):
            while True:
                try:
                    await bot.send_message(chat, "Ашық есік күні")
                    break
                except TelegramRetryAfter as error:
                    await asyncio.sleep(error.retry_after)
            await asyncio.sleep(0.05)  # 20 messages a second, as they say


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
