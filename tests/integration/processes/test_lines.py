"""Lines: one person's updates are handled one at a time in the order in which they came, whichever
process they came to."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

import pytest

from core.db.engine import DatabaseDown
from core.order.lines import TICKETS, Lines
from tests.integration.processes.conftest import Office, until

MOMENT = datetime(2026, 4, 7, 6, 30, tzinfo=UTC)


async def lines_of(office: Office, count: int) -> list[Lines]:
    made = []
    for _ in range(count):
        lines = Lines(await office.process())
        office.serve(lines.run())
        made.append(lines)
    return made


async def test_one_persons_updates_never_meet(office: Office) -> None:
    processes = await lines_of(office, 3)
    random = Random(5)
    busy: set[int] = set()
    handled: list[int] = []

    async def handle(lines: Lines, person: int, update: int) -> None:
        ticket, _ = await lines.stand(person, update)
        assert person not in busy
        busy.add(person)
        await asyncio.sleep(random.random() / 200)
        handled.append(update)
        busy.remove(person)
        lines.leave(ticket, person)

    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        for update in range(60):
            group.create_task(handle(processes[update % 3], update % 4, update))
            await asyncio.sleep(0.001)
    assert len(handled) == 60


async def test_they_are_handled_in_the_order_in_which_they_came(office: Office) -> None:
    processes = await lines_of(office, 3)
    watcher = await office.process()
    handled: list[int] = []

    async def handle(update: int) -> None:
        ticket, _ = await processes[update % 3].stand(1, update)
        handled.append(update)
        processes[update % 3].leave(ticket, 1)

    ticket, _ = await processes[0].stand(1, 0)
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        for update in range(1, 10):
            group.create_task(handle(update))
            while len((await watcher.fetch(TICKETS, [1]))[0]["tickets"]) <= update:  # noqa: ASYNC110 they stand in PostgreSQL
                await asyncio.sleep(0.002)
        processes[0].leave(ticket, 1)
    assert handled == list(range(1, 10))


async def test_who_waits_behind_a_dead_process_goes_on_without_it(office: Office) -> None:
    dying, living = await lines_of(office, 2)
    await dying.stand(1, 1)
    waiting = asyncio.get_running_loop().create_task(living.stand(1, 2))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    await dying._wire.close()
    async with asyncio.timeout(20):
        await waiting


async def test_a_crowd_keeps_nobody_waiting_behind_a_dead_process(office: Office) -> None:
    """Others come and go without a pause."""
    dying, living = await lines_of(office, 2)
    await dying.stand(1, 1)
    waiting = asyncio.get_running_loop().create_task(living.stand(1, 2))
    await asyncio.sleep(0.01)
    await dying._wire.close()

    async def crowd() -> None:
        for update in count(1000):
            ticket, _ = await living.stand(update, update)
            living.leave(ticket, update)

    office.serve(crowd())
    async with asyncio.timeout(20):
        await waiting


@pytest.mark.parametrize("here", [True, False])
async def test_who_waits_behind_a_ticket_that_a_crash_brought_back_goes_on(
    office: Office, here: bool
) -> None:
    """A crash of the database forgets what it was told last: that a place was given back. Its
    process lives on, and handles that update no more."""
    first, second = await lines_of(office, 2)
    ticket, _ = await first.stand(1, 1)
    watcher = await office.process()
    (before,) = await watcher.fetch(TICKETS, [1])
    first.leave(ticket, 1)
    while (await watcher.fetch(TICKETS, [1]))[0]["tickets"]:  # noqa: ASYNC110 it goes in PostgreSQL
        await asyncio.sleep(0.002)
    forgotten = "UPDATE lines SET tickets = $1 WHERE person = 1"
    await watcher.fetch(forgotten, before["tickets"])
    async with asyncio.timeout(20):
        await (first if here else second).stand(1, 2)


async def test_who_gives_up_leaves_the_line(office: Office) -> None:
    here, there = await lines_of(office, 2)
    ticket, _ = await here.stand(1, 1)
    leaving = asyncio.get_running_loop().create_task(there.stand(1, 2))
    staying = asyncio.get_running_loop().create_task(here.stand(1, 3))
    await asyncio.sleep(0.05)
    leaving.cancel()
    here.leave(ticket, 1)
    async with asyncio.timeout(20):
        await staying


async def test_an_update_keeps_the_moment_at_which_another_process_had_it_first(
    office: Office,
) -> None:
    first, second = await lines_of(office, 2)
    first.arrived(77, MOMENT)
    first.arrived(78, MOMENT + timedelta(seconds=1))

    async with asyncio.timeout(20):
        moment = None
        while moment is None:
            ticket, moment = await second.stand(5, 77)
            second.leave(ticket, 5)
    assert moment == MOMENT
    ticket, moment = await second.stand(5, 79)
    assert moment is None


async def test_without_the_wire_the_update_is_told_to_come_again(office: Office) -> None:
    (lines,) = await lines_of(office, 1)
    lines._wire._lose()
    with pytest.raises(DatabaseDown):
        await lines.stand(1, 1)
    await until(lambda: lines._wire._connection is not None)
    async with asyncio.timeout(20):
        await lines.stand(1, 1)
