"""What no database tells: whether Telegram reaches us, and whether the nights left their dumps."""

import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.maintenance import watchdogs_of
from bot.settings import Settings
from core.db.engine import Database
from core.watch.found import Found
from sandbox import updates
from tests.unit.sandbox.desk_at_work import START, TOKEN, DeskAtWork, Json, desk_at_work

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The database has no part in it."""
    return sqlite_url


@pytest.fixture
async def telegram() -> AsyncIterator[DeskAtWork]:
    async with desk_at_work() as working:
        yield working


async def found(name: str, db: Database, now: datetime, **settings: str) -> Found:
    duties = {duty.name: duty for duty in watchdogs_of(Settings.model_validate(settings))}
    return await duties[name].run(db, now)


def ours(telegram: DeskAtWork) -> dict[str, str]:
    return {
        "bot_token": TOKEN,
        "bot_api_url": telegram.base,
        "webhook_url": telegram.base + "/",
        "webhook_secret": "s",
    }


async def test_a_way_in_on_which_nothing_fails_is_well(
    telegram: DeskAtWork, database: Database
) -> None:
    await telegram.started()
    assert await found("way_in", database, START, **ours(telegram)) == []


async def test_updates_that_wait_because_we_cannot_be_reached_are_told(
    telegram: DeskAtWork, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "PAUSES", (0.01,) * 4)

    async def fail(_: Json) -> Response:
        return Response(status_code=502)

    await telegram.with_webhook()
    telegram.bot.react = fail
    await telegram.say("/start")
    assert await found("way_in", database, START + MINUTE, **ours(telegram)) == ["webhook:fails"]
    telegram.bot.react = None
    await telegram.say("/start")  # brings what waited, too
    assert await found("way_in", database, START + MINUTE, **ours(telegram)) == []


async def test_whoever_hammers_rings_no_alarm(
    telegram: DeskAtWork, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their updates wait at Telegram because we have answered 429."""
    monkeypatch.setattr(updates, "PAUSES", (0.01,) * 4)

    async def put_off(_: Json) -> Response:
        return Response(status_code=429)

    await telegram.with_webhook()
    telegram.bot.react = put_off
    await telegram.say("/start")
    told = (await telegram.api("getWebhookInfo"))["result"]
    assert told["pending_update_count"] == 1
    assert told["last_error_date"]
    assert await found("way_in", database, START + MINUTE, **ours(telegram)) == []


async def test_a_webhook_that_somebody_else_has_set_is_told(
    telegram: DeskAtWork, database: Database
) -> None:
    await telegram.api("setWebhook", url=telegram.base + "/elsewhere")
    assert await found("way_in", database, START, **ours(telegram)) == ["webhook:elsewhere"]


@pytest.mark.parametrize("answer", [b"<html>", b"{}", b"[]", b'{"result": true}', b"\xff"])
async def test_a_telegram_that_does_not_answer_is_told_without_the_token(
    answer: bytes, telegram: DeskAtWork, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def odd(_: Request) -> Response:
        return Response(answer)

    telegram.app.routes.insert(0, Route(f"/bot{TOKEN}/getWebhookInfo", odd))
    settings = ours(telegram)
    assert await found("way_in", database, START, **settings) == ["telegram:silent"]
    settings["bot_api_url"] = "http://127.0.0.1:1"
    assert await found("way_in", database, START, **settings) == ["telegram:silent"]


async def test_a_night_without_a_dump_is_told(tmp_path: Path, database: Database) -> None:
    backups = str(tmp_path)
    (tmp_path / "unfinished").touch()
    assert await found("backup", database, START, backups=backups) == ["backup:none"]
    for age, told in ((50 * HOUR, ["backup:old"]), (25 * HOUR, [])):
        dump = tmp_path / f"oryn-{age}.dump"
        dump.touch()
        os.utime(dump, times=((START - age).timestamp(),) * 2)
        assert await found("backup", database, START, backups=backups) == told


def test_who_polls_and_keeps_the_dumps_elsewhere_is_asked_for_neither() -> None:
    assert not {"way_in", "backup"} & {duty.name for duty in watchdogs_of(Settings())}
