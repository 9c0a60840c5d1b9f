"""The wire: all hear, one at a time works, and the dead let go."""

import asyncio

from core.calendar.service import CORRECTED, CalendarBook
from core.db.engine import Database, leave_work
from core.db.wire import LIVING, connected
from tests.integration.processes.conftest import Office, until


async def test_what_one_tells_all_others_hear(office: Office) -> None:
    teller, first, second = [await office.process() for _ in range(3)]
    heard: dict[str, list[str]] = {"teller": [], "first": [], "second": []}
    for name, wire in (("teller", teller), ("first", first), ("second", second)):
        wire.on("work", heard[name].append)
    teller.tell("work", "notices")
    teller.tell("other", "nobody listens")
    teller.tell("work", "codes")
    await until(lambda: len(heard["first"]) == 2 and len(heard["second"]) == 2)
    assert heard == {"teller": [], "first": ["notices", "codes"], "second": ["notices", "codes"]}


async def test_a_word_that_cannot_be_told_is_not_the_last_one(office: Office) -> None:
    teller, hearer = await office.process(), await office.process()
    heard: list[str] = []
    hearer.on("work", heard.append)
    teller.tell("work", "x" * 9000)  # NOTIFY takes less than 8000 bytes
    await asyncio.sleep(0.1)
    teller.tell("work", "notices")
    await until(lambda: heard == ["notices"])


async def test_one_at_a_time_has_a_duty_and_the_next_one_when_the_first_is_dead(
    office: Office,
) -> None:
    first, second = await office.process(), await office.process()
    async with first.alone("digest") as mine, second.alone("digest") as theirs:
        assert (mine, theirs) == (True, False)
        async with second.alone("another") as other:
            assert other
    async with second.alone("digest") as mine:
        assert mine
        first._lose()
    async with second.alone("digest") as mine:
        assert mine


async def test_a_process_whose_connection_is_cut_connects_again(office: Office) -> None:
    watcher, other = await office.process(), await office.process()

    async def living() -> set[int]:
        return {row["process"] for row in await watcher.fetch(LIVING)}

    assert {watcher.process, other.process} <= await living()
    await watcher.fetch(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks"
        " WHERE locktype = 'advisory' AND objid::bigint = $1",
        other.process,
    )
    heard: list[str] = []
    other.on("work", heard.append)

    def told() -> bool:
        watcher.tell("work", "again")
        return bool(heard)

    await until(told)
    assert other.process in await living()


async def test_a_commit_of_one_process_wakes_those_who_wait_in_another(
    postgresql_url: str,
) -> None:
    web, worker = Database(postgresql_url), Database(postgresql_url)
    rung: list[str] = []
    worker.on_work("notices", lambda: rung.append("notices"))
    async with connected(web) as teller, connected(worker):
        telling = asyncio.get_running_loop().create_task(teller.run())
        async with web.write() as session:
            leave_work(session, "notices")
        await until(lambda: bool(rung))
        telling.cancel()
    assert rung == ["notices"]
    await web.close()
    await worker.close()


async def test_a_correction_of_days_in_one_process_is_read_by_the_other(
    postgresql_url: str,
) -> None:
    here, there = Database(postgresql_url), Database(postgresql_url)
    book = CalendarBook(there)
    async with connected(here) as teller, connected(there):
        telling = asyncio.get_running_loop().create_task(teller.run())
        old = await book.load()
        assert await book.load() is old
        async with here.write() as session:
            leave_work(session, CORRECTED)
        async with asyncio.timeout(20):
            while await book.load() is old:  # noqa: ASYNC110 it is told by PostgreSQL
                await asyncio.sleep(0.005)
        telling.cancel()
    await here.close()
    await there.close()
