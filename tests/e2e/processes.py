"""The real commands as processes of their own, on this machine's loopback."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from tests.e2e.player import Desk

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 180.0
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


async def eventually_told(player_desk: Desk, user_id: int, words: str) -> None:
    """Wait until these words stand in the person's chat."""
    async with asyncio.timeout(PATIENCE):
        while True:
            chat = await player_desk.get(f"/sim/users/{user_id}/chat")
            if any(words in message["text"] for message in chat["messages"]):
                return
            await asyncio.sleep(0.2)
