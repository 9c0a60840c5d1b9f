"""At the database people go before work, in the order in which they come; work still goes on."""

import asyncio

import pytest

from core.db import turns
from core.db.turns import SHARE, Turns, step_back


class Crowd:
    """Visitors of the database who stay until they are let go."""

    def __init__(self, places: int) -> None:
        self.turns = Turns(places)
        self.inside: list[str] = []
        self.came: list[str] = []
        self._may_go = {"": asyncio.Event()}
        self._group = asyncio.TaskGroup()

    async def __aenter__(self) -> "Crowd":
        await self._group.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        for event in self._may_go.values():
            event.set()
        await self._group.__aexit__(None, None, None)

    async def comes(self, name: str, *, works: bool = False) -> asyncio.Task[None]:
        self._may_go[name] = asyncio.Event()
        visit = self._group.create_task(self._visit(name, works))
        await asyncio.sleep(0)
        return visit

    async def goes(self, name: str) -> None:
        self._may_go[name].set()
        for _ in range(4):
            await asyncio.sleep(0)

    async def _visit(self, name: str, works: bool) -> None:
        if works:
            step_back()
        async with self.turns.turn():
            self.came.append(name)
            self.inside.append(name)
            await self._may_go[name].wait()
            self.inside.remove(name)


async def test_people_come_in_by_order_of_arrival() -> None:
    async with Crowd(1) as crowd:
        for name in "abcd":
            await crowd.comes(name)
        for name in "abc":
            assert crowd.inside == [name]
            await crowd.goes(name)
    assert crowd.came == list("abcd")


async def test_a_person_goes_before_all_work_that_waits() -> None:
    async with Crowd(1) as crowd:
        await crowd.comes("first")
        for name in ("claim", "record"):
            await crowd.comes(name, works=True)
        await crowd.comes("person")
        await crowd.goes("first")
        assert crowd.inside == ["person"]
    assert crowd.came == ["first", "person", "claim", "record"]


async def test_work_leaves_half_of_the_places_free() -> None:
    """Whoever taps meanwhile does not even wait."""
    async with Crowd(4) as crowd:
        for name in ("claim", "record", "sweep"):
            await crowd.comes(name, works=True)
        assert crowd.inside == ["claim", "record"]
        for name in ("first", "second"):
            await crowd.comes(name)
        assert crowd.inside == ["claim", "record", "first", "second"]
        await crowd.goes("claim")
        assert crowd.inside == ["record", "first", "second", "sweep"]


async def test_work_goes_on_in_a_crowd_that_lasts() -> None:
    async with Crowd(1) as crowd:
        people = [f"person {number}" for number in range(2 * SHARE)]
        await crowd.comes("begin")
        await crowd.comes("sweep", works=True)
        for name in people:
            await crowd.comes(name)
        for name in ["begin", *people[:SHARE]]:
            assert "sweep" not in crowd.came
            await crowd.goes(name)
        assert crowd.inside == ["sweep"]


async def test_it_is_crowded_while_people_wait() -> None:
    async with Crowd(1) as crowd:
        await crowd.comes("claim", works=True)
        await crowd.comes("record", works=True)
        assert not crowd.turns.crowded
        await crowd.comes("person")
        assert crowd.turns.crowded
        await crowd.goes("claim")
        assert not crowd.turns.crowded


async def test_whoever_gives_up_leaves_the_line() -> None:
    async with Crowd(1) as crowd:
        await crowd.comes("first")
        impatient = await crowd.comes("impatient")
        await crowd.comes("next")
        impatient.cancel()
        await crowd.goes("first")
        assert crowd.inside == ["next"]


async def test_a_place_is_not_lost_with_whoever_is_given_it_while_giving_up() -> None:
    async with Crowd(1) as crowd:
        await crowd.comes("first")
        impatient = await crowd.comes("impatient")
        await crowd.comes("next")
        crowd._may_go["first"].set()
        await asyncio.sleep(0)
        impatient.cancel()
        for _ in range(4):
            await asyncio.sleep(0)
        assert crowd.inside == ["next"]


async def test_who_has_a_turn_already_does_not_wait_for_another() -> None:
    """A reading within a writing must not wait for itself."""
    mine = Turns(1)
    async with asyncio.timeout(1), mine.turn(), mine.turn():
        pass
    async with asyncio.timeout(1), mine.turn():
        pass


async def test_a_database_that_gives_nobody_a_turn_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0)
    async with Crowd(1) as crowd:
        await crowd.comes("stuck")
        with pytest.raises(TimeoutError):
            async with crowd.turns.turn():
                pass
        await crowd.goes("stuck")
        async with crowd.turns.turn():
            pass
