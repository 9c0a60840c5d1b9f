"""What a bot of these libraries needs at least: aiogram behind FastAPI, a database that answers.

`python -m bench.bare_server PORT DATABASE_URL`.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from aiogram import Bot, Dispatcher
from aiogram.types import Message, Update
from fastapi import FastAPI, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

TOKEN = "1000000:bare"


async def echo(message: Message) -> None:
    await message.answer(message.text or "")


def app(database_url: str) -> FastAPI:
    """A webhook that echoes, and whether the database answers."""
    engine = create_async_engine(database_url.replace("sqlite:", "sqlite+aiosqlite:"))
    bot, dispatcher = Bot(TOKEN), Dispatcher()
    dispatcher.message.register(echo)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        await bot.session.close()
        await engine.dispose()

    server = FastAPI(lifespan=lifespan)

    @server.post("/telegram/webhook")
    async def telegram(request: Request) -> None:
        update = Update.model_validate_json(await request.body(), context={"bot": bot})
        await dispatcher.feed_update(bot, update)

    @server.get("/health/ready")
    async def ready() -> dict[str, str]:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
        return {"status": "ok"}

    return server


if __name__ == "__main__":
    uvicorn.run(app(sys.argv[2]), port=int(sys.argv[1]), access_log=False, log_config=None)
