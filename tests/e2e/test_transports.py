"""The real commands against a desk of its own: long polling and webhook, a restart, a clean end."""

import shutil
import sqlite3
from pathlib import Path

import aiohttp

from tests.e2e import ways
from tests.e2e.player import Desk
from tests.e2e.processes import (
    PATIENCE,
    answers,
    desk_command,
    eventually_told,
    free_port,
    run,
    serving,
    settings_of,
)

AINUR = {
    "first_name": "Айнұр",
    "language_code": "kk",
    "phone": "+77010000101",
    "iin": "930614403984",
}


async def test_the_real_commands_serve_a_parent(tmp_path: Path, planted_file: Path) -> None:
    """By webhook first, by long polling after a restart: the session outlives it, and whoever polls
    undoes the webhook."""
    desk_port, bot_port = free_port(), free_port()
    base, bot = f"http://127.0.0.1:{desk_port}", f"http://127.0.0.1:{bot_port}"
    settings = settings_of(tmp_path, base, bot_port)
    webhook = {"WEBHOOK_URL": bot, "WEBHOOK_SECRET": "of-the-webhook"}
    shutil.copyfile(planted_file, tmp_path / "orynbot.sqlite3")
    async with (
        aiohttp.ClientSession(base, timeout=aiohttp.ClientTimeout(PATIENCE)) as http,
        serving(*desk_command(desk_port, bot), folder=tmp_path),
    ):
        await answers(http, f"{base}/sim/clock")
        desk = Desk(http, base, None)
        person = await desk.post("/sim/users", **AINUR)
        player = desk.player(person["id"])
        async with serving("bot", "serve", folder=tmp_path, **settings, **webhook):
            await answers(http, f"{bot}/health/ready")
            await ways.enter(player)
            assert "ОДО.2026.248" in await player.screen()
        async with serving("bot", "run", folder=tmp_path, **settings):
            await answers(http, f"{bot}/health/ready")
            await run("bot", "voucher", "issue", "ОДО.2026.248", folder=tmp_path, **settings)
            await player.say("/menu")
            await player.press("My applications")  # its notice waits for 08:00 at night
            assert player.t.plain("Awaiting confirmation") in await player.screen()
    with sqlite3.connect(tmp_path / "orynbot.sqlite3") as records:
        [beating] = records.execute("SELECT count(*) FROM beats").fetchone()
    assert beating == 2  # both could take taps; the commands in between could not (D18)


async def test_a_bot_that_began_without_telegram_serves_once_it_is_there(
    tmp_path: Path, planted_file: Path
) -> None:
    desk_port, bot_port = free_port(), free_port()
    base, bot = f"http://127.0.0.1:{desk_port}", f"http://127.0.0.1:{bot_port}"
    settings = settings_of(tmp_path, base, bot_port)
    shutil.copyfile(planted_file, tmp_path / "orynbot.sqlite3")
    async with (
        aiohttp.ClientSession(base, timeout=aiohttp.ClientTimeout(PATIENCE)) as http,
        serving("bot", "run", folder=tmp_path, **settings),
    ):
        await answers(http, f"{bot}/health/ready")
        async with serving(*desk_command(desk_port, bot), folder=tmp_path):
            await answers(http, f"{base}/sim/clock")
            desk = Desk(http, base, None)
            person = await desk.post("/sim/users", **AINUR)
            await http.post(f"/sim/users/{person['id']}/send", json={"text": "/start"})
            await eventually_told(desk, person["id"], "Orynbot")
