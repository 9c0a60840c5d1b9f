"""Rounds of kills and faults, counted: `python -m tests.faults --rounds 20 --seed 1`."""

import argparse
import asyncio
import logging
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from core.db.engine import Database
from core.db.migrate import migrate
from tests.faults.accounts import Account
from tests.faults.postgres import TEMPLATE, OwnServer
from tests.faults.round import play

LANES = 2
"""Rounds that are played beside one another, each on a server of its own: a round waits a lot."""
SHOWN = 5
"""Complaints of a kind that are told of a round."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, help="of the first round; each next one's is one more")
    parser.add_argument("--families", type=int, default=16, help="of a round")
    parser.add_argument("--kills", type=int, default=6, help="of a round")
    return parser.parse_args()


async def main(options: argparse.Namespace) -> int:
    me = asyncio.current_task()
    assert me is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, me.cancel)  # leave no server
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # who hangs up, means to
    seed = options.seed if options.seed is not None else int(time.time()) % 10**6 * 1000
    accounts: list[Account] = []
    numbers = iter(range(options.rounds))
    with (
        suppress(asyncio.CancelledError),  # who is told to end says what has been played
        TemporaryDirectory(prefix="orynbot-faults-", ignore_cleanup_errors=True) as folder,
    ):
        try:
            async with AsyncExitStack() as stack:
                servers = [
                    await stack.enter_async_context(_server(Path(folder) / f"data{lane}"))
                    for lane in range(min(LANES, options.rounds))
                ]
                group = await stack.enter_async_context(asyncio.TaskGroup())
                for server in servers:
                    group.create_task(_play(server, numbers, seed, options, accounts))
        except BaseExceptionGroup:  # the harness itself has failed: what was seen stays seen
            total(accounts)
            raise
    return total(accounts)


@asynccontextmanager
async def _server(folder: Path) -> AsyncIterator[OwnServer]:
    """With the template of the rounds' databases."""
    server = OwnServer(folder)
    try:
        await server.prepare()
        template = Database(server.address(TEMPLATE))
        await migrate(template)
        await template.close()
        yield server
    finally:
        server.close()


async def _play(
    server: OwnServer,
    numbers: Iterator[int],
    seed: int,
    options: argparse.Namespace,
    accounts: list[Account],
) -> None:
    """One round after another, as long as there are any."""
    for number in numbers:
        account = await play(server, seed + number, families=options.families, kills=options.kills)
        accounts.append(account)
        say(number + 1, seed + number, account)


def write(*words: str) -> None:
    """A line, at once."""
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


def say(number: int, seed: int, account: Account) -> None:
    """A round in a line, and what was wrong with it."""
    write(
        f"round {number:3} seed={seed} {account.seconds:5.1f}s kills={account.kills}",
        f"updates={account.updates} notices={account.notices} in_flight={account.in_flight}",
        f"unheard={account.unheard} lost={len(account.lost)} doubled={len(account.doubled)}",
        f"illegal={len(account.illegal)}",
    )
    for name, found in (
        ("lost", account.lost),
        ("doubled", account.excess),
        ("illegal", account.illegal),
        ("error", [f"{what} ({times})" for what, times in account.errors.items()]),
    ):
        for words in found[:SHOWN]:
            write(f"    {name}: {words}")
    for line in account.stories:
        write(f"    {line}")


def total(accounts: list[Account]) -> int:
    """The last line; 1 when something is wrong."""
    in_flight = sum(account.in_flight + account.unheard for account in accounts)
    lost, doubled, illegal = (
        sum(len(getattr(account, name)) for account in accounts)
        for name in ("lost", "doubled", "illegal")
    )
    write(f"in flight at a kill, or when a connection was cut: {in_flight}")
    write(
        f"rounds={len(accounts)} kills={sum(a.kills for a in accounts)}",
        f"updates={sum(a.updates for a in accounts)} notices={sum(a.notices for a in accounts)}",
        f"lost={lost} doubled={doubled} illegal={illegal}",
    )
    return int(not all(account.right for account in accounts))


if __name__ == "__main__":
    sys.exit(asyncio.run(main(arguments())))
