"""A peer: aiogram-broadcaster with the interval that makes its limit. `python broadcaster.py API
COUNT`."""
# mypy: ignore-errors

import asyncio
import sys

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram_broadcaster import Broadcaster
from aiogram_broadcaster.contents import TextContent
from aiogram_broadcaster.intervals import SimpleInterval


async def main(api: str, count: int) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(api))
    async with Bot("1000000:desk", session=session) as bot:
        mailer = await Broadcaster(bot).create_mailer(
            chats=range(1, count + 1),
            content=TextContent(text="Ашық есік күні"),
            interval=SimpleInterval(interval=1 / 30),
        )
        await mailer.start()


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
