"""The watch: each duty is done when it is due, by one process, and its heart is seen to beat."""

import asyncio
from datetime import datetime, timedelta

import pytest

from core.clock import ALMATY, TravelClock
from core.db.engine import Database
from core.watch.found import Found
from core.watch.service import MOST, Watch
from core.watch.values import DAY, MINUTE, Duty, Pulse

SECOND = timedelta(seconds=1)


class Dog:
    """A watchdog that finds what it is told to, and counts how often it looks."""

    def __init__(self) -> None:
        self.looked = 0
        self.finds: list[str] = []
        self.fails = False

    async def look(self, _: Database, __: datetime) -> Found:
        self.looked += 1
        if self.fails:
            raise LookupError
        return self.finds


@pytest.fixture
def dog() -> Dog:
    return Dog()


@pytest.fixture
def watch(database: Database, dog: Dog) -> Watch:
    return Watch(database, [Duty("dog", MINUTE, dog.look)])


async def pulse(watch: Watch, clock: TravelClock) -> Pulse:
    (only,) = await watch.pulses(clock.now())
    return only


def later(clock: TravelClock, by: timedelta) -> datetime:
    clock.move(clock.now() + by)
    return clock.now()


async def test_it_is_done_when_it_is_due_and_not_before(
    watch: Watch, dog: Dog, clock: TravelClock
) -> None:
    await watch.run_due(clock.now())
    await watch.run_due(later(clock, 59 * SECOND))
    assert dog.looked == 1
    await watch.run_due(later(clock, SECOND))
    assert dog.looked == 2
    assert (await pulse(watch, clock)).at == clock.now()


async def test_of_several_processes_one_does_it(
    database: Database, dog: Dog, clock: TravelClock
) -> None:
    others = [Watch(database, [Duty("dog", MINUTE, dog.look)]) for _ in range(5)]
    for _ in range(3):
        await asyncio.gather(*(watch.run_due(clock.now()) for watch in others))
        later(clock, MINUTE)
    assert dog.looked == 3


async def test_what_it_finds_is_told_with_since_when_until_it_is_well(
    watch: Watch, dog: Dog, clock: TravelClock
) -> None:
    began = clock.now()
    dog.finds = [f"notice:{number}" for number in range(30)]
    for _ in range(3):
        await watch.run_due(clock.now())
        later(clock, MINUTE)
    found = await pulse(watch, clock)
    assert (found.ok, found.late, found.ill_since) == (False, False, began)
    assert found.ids == tuple(dog.finds[:MOST])
    dog.finds = []
    await watch.run_due(clock.now())
    well = await pulse(watch, clock)
    assert (well.ok, well.ill_since, well.ids) == (True, None, ())


async def test_a_watchdog_that_nobody_asks_is_ill_itself(
    watch: Watch, dog: Dog, clock: TravelClock
) -> None:
    assert (await pulse(watch, clock)).late
    await watch.run_due(clock.now())
    assert (await pulse(watch, clock)).ok
    last = clock.now()
    later(clock, 7 * MINUTE)
    found = await pulse(watch, clock)
    assert (found.ok, found.late, found.ill_since) == (False, True, last)


async def test_one_that_is_overtaken_never_sets_the_heartbeat_back(
    watch: Watch, dog: Dog, clock: TravelClock
) -> None:
    began = clock.now()
    await watch.run_due(later(clock, MINUTE))
    dog.finds = ["notice:1"]
    await watch.run(watch.duties[0], began)
    found = await pulse(watch, clock)
    assert (found.ok, found.at) == (True, clock.now())


async def test_one_that_fails_stops_no_other_and_its_heart_does_not_beat(
    database: Database, dog: Dog, clock: TravelClock
) -> None:
    broken = Dog()
    broken.fails = True
    watch = Watch(database, [Duty("broken", MINUTE, broken.look), Duty("dog", MINUTE, dog.look)])
    for _ in range(8):
        await watch.run_due(later(clock, MINUTE))
    assert dog.looked == broken.looked == 8
    assert [p.name for p in await watch.pulses(clock.now()) if p.late] == ["broken"]


async def test_what_is_done_nightly_is_done_at_half_past_three(
    database: Database, dog: Dog, clock: TravelClock
) -> None:
    watch = Watch(database, [Duty("night", DAY, dog.look)])
    nights = [datetime(2026, 4, day, 3, 30, tzinfo=ALMATY) for day in (8, 9)]
    for looked, night in enumerate(nights):
        await watch.run_due(clock.now())
        clock.move(night - SECOND)
        await watch.run_due(clock.now())
        assert dog.looked == looked
        clock.move(night)
        await watch.run_due(clock.now())
        assert dog.looked == looked + 1
        assert not (await pulse(watch, clock)).late
