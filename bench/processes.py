"""The desk and the bot as processes of their own, on this machine's loopback."""

import asyncio
import os
import signal
import socket
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bench.bot import MorningClock

ROOT = Path(__file__).parent.parent
PATIENCE = 180.0
"""Seconds that a process may take to answer, or to end."""
LOG_SHOWN = 3000
"""Characters of the processes' log that are shown when a measurement fails."""
TOKEN = "1000000:desk"
SECRET = "k" * 32


@dataclass(frozen=True)
class House:
    """A desk and a bot that know each other; `clock` is the bot's."""

    desk: aiohttp.ClientSession
    address: str
    database_url: str
    clock: MorningClock
    bot_address: str
    folder: Path

    async def get(self, path: str) -> Any:
        """From the desk's control interface."""
        async with self.desk.get(path) as response:
            response.raise_for_status()
            return await response.json()

    async def post(self, path: str, **body: Any) -> Any:
        """To the desk's control interface."""
        async with self.desk.post(path, json=body) as response:
            response.raise_for_status()
            return await response.json()

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[None]:
        """The bot, for as long as the context lasts."""
        port = self.bot_address.rpartition(":")[2]
        settings = {
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": self.address,
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": SECRET,
            "WEBHOOK_URL": self.bot_address,
            "WEBHOOK_SECRET": "of-the-webhook",
            "SMSC_LOGIN": "desk",
            "SMSC_PASSWORD": "desk",
            "TICK_SECONDS": "0.2",
            "LOG_LEVEL": "WARNING",
        }
        arguments = ("bench.bot", port, str(self.clock.began))
        async with process("-m", *arguments, folder=self.folder, **settings):
            await answers(self.desk, f"{self.bot_address}/health/ready")
            yield


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[House]:
    """A desk that runs, and a bot that can be started."""
    address, bot_address = free_address(), free_address()
    arguments = ["sandbox", "--port", address.rpartition(":")[2], "--bot-url", bot_address]
    arguments += ["--secret", SECRET, "--portal-secret", SECRET, "--token", TOKEN]
    database_url = f"sqlite:///{folder / 'orynbot.sqlite3'}"
    async with (
        process("-m", *arguments, folder=folder),
        aiohttp.ClientSession(address, connector=aiohttp.TCPConnector(limit=0)) as desk,
    ):
        await answers(desk, "/sim/clock")
        yield House(desk, address, database_url, MorningClock(time.time()), bot_address, folder)


@asynccontextmanager
async def process(
    *arguments: str, folder: Path, python: str = sys.executable, **settings: str
) -> AsyncIterator[Process]:
    """`python …` until the context ends; what it says goes to `folder`/log."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **settings}
    with (folder / "log").open("ab") as output:
        running = await asyncio.create_subprocess_exec(
            python, *arguments, env=environment, cwd=folder, stdout=output, stderr=output
        )
    try:
        yield running
    except BaseException:
        sys.stderr.write((folder / "log").read_text()[-LOG_SHOWN:])
        raise
    finally:
        if running.returncode is None:
            running.send_signal(signal.SIGTERM)
        await asyncio.wait_for(running.wait(), PATIENCE)


def processor_seconds(pid: int) -> float:
    """Seconds of the processor that a process has used so far (Linux; 0 elsewhere)."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    used = stat.read_text().rpartition(")")[2].split()
    return (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")


async def answers(http: aiohttp.ClientSession, address: str) -> None:
    """Return when that address answers 200."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                async with http.get(address) as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.1)


def free_address() -> str:
    """The address of a port that nobody uses."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{door.getsockname()[1]}"


async def until_up(address: str) -> None:
    """Return when that address answers 200."""
    async with aiohttp.ClientSession() as http:
        await answers(http, address)
