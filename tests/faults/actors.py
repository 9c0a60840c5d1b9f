"""The processes of the bot, forked from one that has imported everything: a start takes a moment.

They are the real ones but for a clock that is moved, and a word about whether they rest.
"""

import asyncio
import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest import mock

import uvicorn
from fastapi import FastAPI

from bot.assembly import House
from bot.listening import start_listening
from bot.logs import configure
from bot.running import running
from bot.settings import Settings
from core.db.engine import DatabaseDown
from tests.faults.clock import SharedClock
from webhook import router

LOOK = 0.02
"""Seconds between two looks whether the harness asks something."""

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.faults.actors"])
gc.freeze()  # nobody who is forked looks through what is imported


@dataclass(frozen=True)
class Part:
    """What a process is told: its `kind`, "web" (it answers at `port`) or "worker", its settings,
    its slot in the shared file, and where it logs."""

    kind: str
    slot: int
    settings: dict[str, Any]
    shared: Path
    log: Path
    port: int = 0
    harness: int = field(default_factory=os.getpid)


def start(part: Part) -> BaseProcess:
    """A process. It would import what the harness was started as, and needs none of that."""
    process = FORKS.Process(target=_live, args=(part,), daemon=True)
    with mock.patch.dict(sys.modules, {"__main__": ModuleType("__main__")}):
        process.start()
    return process


def _live(part: Part) -> None:
    output = os.open(part.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(output, 1)
    os.dup2(output, 2)
    settings = Settings.model_validate(part.settings)
    configure(settings.log_level)
    clock = SharedClock(part.shared)
    if part.kind == "worker":
        asyncio.run(_work(part, settings, clock))
        return
    server = FastAPI(lifespan=lambda app: _serve(app, part, settings, clock))
    server.include_router(router)
    uvicorn.run(
        server, host="127.0.0.1", port=part.port, access_log=False, log_config=None, ws="none"
    )


@asynccontextmanager
async def _serve(
    app: FastAPI, part: Part, settings: Settings, clock: SharedClock
) -> AsyncIterator[None]:
    async with running(settings, clock, works=False) as house:
        app.state.house = house
        house.nursery.start(_tell(part, house, clock), name="service:tell")
        await start_listening(house.bot, house.dispatcher, settings, house.nursery)
        yield


async def _work(part: Part, settings: Settings, clock: SharedClock) -> None:
    async with running(settings, clock) as house:
        await _tell(part, house, clock)


async def _tell(part: Part, house: House, clock: SharedClock) -> None:
    """Answer the harness for as long as it lives, and look what is due whenever the clock has
    jumped."""
    clock.answer(part.slot, 0)
    shift, answered, looks = clock.shift, 0, 0
    while looks % 50 or _lives(part.harness):
        looks += 1
        question = clock.question
        if clock.shift != shift:
            shift = clock.shift
            with suppress(DatabaseDown):
                await house.worker.look()
        elif question != answered and _rests(house):
            clock.answer(part.slot, question)
            answered = question
        await asyncio.sleep(LOOK)
    os.kill(os.getpid(), signal.SIGKILL)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _rests(house: House) -> bool:
    """Nothing is in hand, and nothing is about to be. Where no worker runs, chores stay woken."""
    running = {task.get_name() for task in house.nursery._tasks}
    works = "service:worker" in running
    short = [name for name in running if not name.startswith("service:")]
    return not short and not (works and any(chore.stirring for chore in house.worker._chores))
