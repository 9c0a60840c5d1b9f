"""The real commands against a desk of its own: long polling and webhook, a restart, a clean end."""

import asyncio
import os
import shutil
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from tests.e2e import ways
from tests.e2e.player import Desk

ROOT = Path(__file__).parent.parent.parent
AINUR = {
    "first_name": "Айнұр",
    "language_code": "kk",
    "phone": "+77010000101",
    "iin": "930614403984",
}
PATIENCE = 60.0
"""Seconds that a process may take to answer, or to end."""


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


async def start(arguments: tuple[str, ...], folder: Path, settings: dict[str, str]) -> Process:
    """A process of ours; what it prints goes to `folder`/log."""
    with (folder / "log").open("ab") as output:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *arguments,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings},
            cwd=folder,
            stdout=output,
            stderr=output,
        )


async def run(*arguments: str, folder: Path, **settings: str) -> None:
    """A command that does its work and ends well."""
    running = await start(arguments, folder, settings)
    assert await asyncio.wait_for(running.wait(), PATIENCE) == 0


@asynccontextmanager
async def serving(*arguments: str, folder: Path, **settings: str) -> AsyncIterator[None]:
    """A server, which must end by itself when it is asked to."""
    running = await start(arguments, folder, settings)
    try:
        yield
    finally:
        if running.returncode is None:
            running.send_signal(signal.SIGTERM)
        await asyncio.wait_for(running.wait(), PATIENCE)
    assert running.returncode in (0, -signal.SIGTERM)


async def answers(http: aiohttp.ClientSession, address: str) -> None:
    """Wait until `address` answers 200."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                async with http.get(address) as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.1)


async def eventually_told(player_desk: Desk, user_id: int, words: str) -> None:
    """Wait until these words stand in the person's chat."""
    async with asyncio.timeout(PATIENCE):
        while True:
            chat = await player_desk.get(f"/sim/users/{user_id}/chat")
            if any(words in message["text"] for message in chat["messages"]):
                return
            await asyncio.sleep(0.2)


def settings_of(folder: Path, base: str, bot_port: int) -> dict[str, str]:
    """The environment of a bot that polls a desk at `base`."""
    return {
        "BOT_TOKEN": "1000000:desk",
        "BOT_API_URL": base,
        "DATABASE_URL": f"sqlite:///{folder / 'orynbot.sqlite3'}",
        "SECRET_KEY": "k" * 32,
        "PORTAL_SECRET": "portal",
        "SMSC_URL": f"{base}/smsc",
        "SMSC_LOGIN": "desk",
        "SMSC_PASSWORD": "desk",
        "HTTP_PORT": str(bot_port),
        "TICK_SECONDS": "0.2",
    }


def desk_command(desk_port: int, bot: str) -> list[str]:
    """A desk for the bot at `bot`."""
    command = ["sandbox", "--port", str(desk_port), "--bot-url", bot]
    return [*command, "--secret", "desk", "--portal-secret", "portal"]


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
