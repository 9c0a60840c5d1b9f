"""A voucher's callback from the webhook to the answer, beside echoes: 40 connections, closed."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from time import time

from bench import crowd, databases
from bench.confirming import ConfirmButton
from bench.contest import Aim, Contest, Side
from bench.environments import python_of
from bench.figures import percentile
from bench.processes import ROOT, SECRET, TOKEN, free_address, process, processor_seconds, until_up
from bench.vouchers import VERSION, Vouchers
from core.db.engine import Database

TAPS = 1000
WARM_UP = 100
PEERS = ROOT / "bench" / "peers"
BOTH = (("pg", "PostgreSQL", 0.6, 1.5), ("sqlite", "SQLite", 0.3, 1.0))


def contest(share: float = 1.0, *, peers: bool = True) -> Contest:
    """Rows 1 and 2. `peers`: python-telegram-bot, too, which has to be installed for that."""
    throughput = [
        Aim(1, f"a voucher's callback on {name} / echo, updates a second", "rate", f"ours_{short}",
            "echo", must, aim, higher=True)
        for short, name, must, aim in BOTH
    ]  # fmt: skip
    latency = [
        Aim(2, f"its p99 on {name} / echo's", "p99", f"ours_{short}", "echo", 0.5, 0.3)
        for short, name, _, _ in BOTH
    ]
    return Contest(
        name="callback",
        title=f"A voucher's callback through the webhook, {crowd.CONNECTIONS} connections",
        figures={"rate": "updates a second", "p99": "p99, ms", "processor": "ms of processor each"},
        sides=partial(_sides, max(1, round(TAPS * share)), peers),
        aims=[*throughput, *latency],
    )


@asynccontextmanager
async def _sides(taps: int, peers: bool) -> AsyncIterator[Sequence[Side]]:
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(databases.folder())
        api = free_address()
        await stack.enter_async_context(process("-m", "bench.bot_api", port_of(api), folder=folder))
        await until_up(f"{api}/bot1/getMe")
        echoes = [crowd.request(crowd.text_of(n + 1, n + 1, "Сәлем")) for n in range(taps)]
        sides = []
        command = [str(PEERS / "aiogram_echo.py")]
        measure = await _server(stack, folder, command, api, echoes, warm=echoes)
        sides.append(Side("echo", "bare aiogram echo", measure))
        if peers:
            python = python_of("python-telegram-bot")
            command = [str(PEERS / "telegram_echo.py")]
            measure = await _server(stack, folder, command, api, echoes, python=python, warm=echoes)
            sides.append(Side("telegram", "python-telegram-bot echo", measure))
        server = stack.enter_context(databases.server(folder))
        urls = {"pg": await databases.postgresql(server), "sqlite": databases.sqlite(folder)}
        for short, name, _, _ in BOTH:
            measure = await _ours(stack, folder, api, urls[short], taps)
            sides.append(Side(f"ours_{short}", f"a voucher's callback, {name}", measure))
        yield sides


async def _ours(
    stack: AsyncExitStack, folder: Path, api: str, url: str, taps: int
) -> Callable[[], Awaitable[Mapping[str, float]]]:
    db = Database(url)
    stack.push_async_callback(db.close)
    vouchers = Vouchers(db, taps)
    await vouchers.plant()
    presses = [
        crowd.request(crowd.press_of(n, n, ConfirmButton(application=n, version=VERSION).pack()))
        for n in range(1, taps + 1)
    ]
    command = ["-m", "bench.confirming"]
    measure = await _server(
        stack, folder, command, str(time()), presses, warm=presses, **settings_of(api, url)
    )

    async def again() -> Mapping[str, float]:
        await vouchers.again()
        return await measure()

    await vouchers.again()
    return again


async def _server(
    stack: AsyncExitStack,
    folder: Path,
    command: Sequence[str],
    argument: str,
    updates: Sequence[bytes],
    *,
    warm: Sequence[bytes],
    python: str | None = None,
    **settings: str,
) -> Callable[[], Awaitable[Mapping[str, float]]]:
    """Start a bot, and warm it up; how it is measured."""
    address = free_address()
    chosen = {"python": python} if python else {}
    running = await stack.enter_async_context(
        process(*command, port_of(address), argument, folder=folder, **chosen, **settings)
    )
    await until_up(f"{address}/health/ready")
    await crowd.answered(int(port_of(address)), warm[:WARM_UP])

    async def measure() -> Mapping[str, float]:
        before = processor_seconds(running.pid)
        seconds, took = await crowd.answered(int(port_of(address)), updates)
        used = processor_seconds(running.pid) - before
        return {
            "rate": len(took) / seconds,
            "p99": 1000 * percentile(took, 0.99),
            "processor": 1000 * used / len(took),
        }

    return measure


def settings_of(api: str, url: str) -> dict[str, str]:
    """The bot's, on that database, with that Bot API and SMS gateway."""
    return {
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": api,
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "WEBHOOK_URL": "https://bench.invalid",
        "WEBHOOK_SECRET": crowd.SECRET,
        "SMSC_LOGIN": "bench",
        "SMSC_PASSWORD": "bench",
        "SMSC_URL": api,
        "TELEGRAM_PER_SECOND": "100000",
        "LOG_LEVEL": "WARNING",
    }


def port_of(address: str) -> str:
    """Of `http://host:port`."""
    return address.rpartition(":")[2]
