"""Until a process is ready to serve, and the memory that it holds then, beside the least that a bot
of these libraries needs."""

import asyncio
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.contest import Aim, Contest, Side
from bench.processes import SECRET, TOKEN, House, free_address, house, process, until_up


def contest(share: float = 1.0) -> Contest:
    """Row 9; the start of a process cannot be made smaller."""
    return Contest(
        name="ready",
        title="Starting a process",
        figures={"seconds": "s until ready", "megabytes": "MB"},
        sides=_sides,
        aims=[
            Aim(9, "ready to serve / bare libraries", "seconds", "ours", "bare", 1.2, 1.1),
            Aim(9, "memory / bare libraries", "megabytes", "ours", "bare", 1.25, 1.15),
        ],
    )


@asynccontextmanager
async def _sides() -> AsyncIterator[Sequence[Side]]:
    with TemporaryDirectory(prefix="orynbot-bench-") as name:
        folder = Path(name)
        async with house(folder) as home:
            await _ready(partial(ours, home), home.bot_address)  # the schema, and the bytecode
            bare = free_address()
            yield [
                Side("bare", "bare libraries", partial(_ready, partial(_bare, bare, folder), bare)),
                Side("ours", "the bot", partial(_ready, partial(ours, home), home.bot_address)),
            ]


def ours(home: House) -> AbstractAsyncContextManager[Process]:
    """The bot with its webhook."""
    settings = {
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": home.address,
        "DATABASE_URL": home.database_url,
        "SECRET_KEY": SECRET,
        "WEBHOOK_URL": home.bot_address,
        "WEBHOOK_SECRET": "of-the-webhook",
        "SMSC_LOGIN": "desk",
        "SMSC_PASSWORD": "desk",
        "LOG_LEVEL": "WARNING",
    }
    port = home.bot_address.rpartition(":")[2]
    arguments = ("-m", "bench.bot", port, str(home.clock.began))
    return process(*arguments, folder=home.folder, **settings)


def _bare(address: str, folder: Path) -> AbstractAsyncContextManager[Process]:
    database = f"sqlite:///{folder / 'bare.sqlite3'}"
    return process("-m", "bench.bare_server", address.rpartition(":")[2], database, folder=folder)


async def _ready(
    started: partial[AbstractAsyncContextManager[Process]], address: str
) -> Mapping[str, float]:
    began = time.perf_counter()
    async with started() as running:
        await until_up(f"{address}/health/ready")
        seconds = time.perf_counter() - began
        told = await asyncio.create_subprocess_exec(
            "ps", "-o", "rss=", "-p", str(running.pid), stdout=asyncio.subprocess.PIPE
        )
        kilobytes, _ = await told.communicate()
    return {"seconds": seconds, "megabytes": int(kilobytes) / 1024}
