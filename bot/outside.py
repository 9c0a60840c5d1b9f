"""What is watched outside of the database: the way that updates come in, and the backups."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.settings import Settings
from core.db.engine import Database
from core.watch.found import Found
from core.watch.values import HOUR, LATE, MINUTE, Duty

PATIENCE = 10.0
"""Seconds for Telegram's answer."""
OLD = 26 * HOUR
"""A dump is made every night, and takes its time."""
PUT_OFF = "Wrong response from the webhook: 429"
"""How Telegram tells of an update that we have put off, as somebody hammers: it did get through."""


def outside(settings: Settings) -> Iterator[Duty]:
    """One duty for each of them that there is."""
    if settings.webhook_url:

        async def way_in(_: Database, now: datetime) -> Found:
            return found_on_the_way(await _told_by_telegram(settings), settings, now)

        yield Duty("way_in", MINUTE, way_in)
    if settings.backups:

        async def backup(_: Database, now: datetime) -> Found:
            return await asyncio.to_thread(_found_in, Path(settings.backups), now)

        yield Duty("backup", HOUR, backup)


def found_on_the_way(told: dict[str, Any] | None, settings: Settings, now: datetime) -> Found:
    """`told`: a WebhookInfo (https://core.telegram.org/bots/api#webhookinfo); None: Telegram does
    not answer. An error is of now while something waits: Telegram names the last one for ever."""
    if told is None:
        return ["telegram:silent"]
    if told.get("url") != settings.webhook_address:
        return ["webhook:elsewhere"]
    failed = told.get("last_error_date", 0) > (now - LATE).timestamp()
    failed = failed and not str(told.get("last_error_message")).startswith(PUT_OFF)
    return ["webhook:fails"] if failed and told.get("pending_update_count") else []


async def _told_by_telegram(settings: Settings) -> dict[str, Any] | None:
    """The address asked holds the token: no error is let out that could name it."""
    import aiohttp  # commands that ask for nothing start without it

    token = settings.bot_token.get_secret_value()
    address = f"{settings.bot_api_url.rstrip('/')}/bot{token}/getWebhookInfo"
    try:
        async with (
            asyncio.timeout(PATIENCE),
            aiohttp.ClientSession() as http,
            http.get(address) as answer,
        ):
            told = (await answer.json(content_type=None))["result"]
    except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError):
        return None
    return told if isinstance(told, dict) else None


def _found_in(folder: Path, now: datetime) -> Found:
    newest = max((dump.stat().st_mtime for dump in folder.glob("oryn-*.dump")), default=None)
    if newest is None:
        return ["backup:none"]
    return ["backup:old"] if newest < (now - OLD).timestamp() else []
