"""A peer: python-telegram-bot's echo behind FastAPI. `python telegram_echo.py PORT API`."""
# mypy: ignore-errors

import sys
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI, Request
from telegram import Update
from telegram.ext import Application, MessageHandler, filters

port, api = sys.argv[1:]
builder = Application.builder().token("1000000:desk").base_url(f"{api}/bot").updater(None)
application = builder.build()


async def echo(update, context):
    await update.message.reply_text(update.message.text)


application.add_handler(MessageHandler(filters.TEXT, echo))


@asynccontextmanager
async def lifespan(app):
    async with application:
        await application.start()
        yield
        await application.stop()


app = FastAPI(lifespan=lifespan)


@app.get("/health/ready")
async def ready():
    return {}


@app.post("/telegram/webhook")
async def telegram(request: Request):
    await application.process_update(Update.de_json(await request.json(), application.bot))
    return {}


uvicorn.run(app, port=int(port), access_log=False, log_config=None)
