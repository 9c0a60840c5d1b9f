"""Updates are in hand by order of arrival, and never more of them than there are places."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from aiogram.types import TelegramObject, Update

from bot.middlewares.admission import Admission
from bot.middlewares.order import InOrder
from tests.unit.bot.test_order import update

MORNING = datetime(2026, 4, 7, 6, tzinfo=UTC)


class Handling:
    """A handler whose updates end when the test says so."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.in_hand = 0
        self.most_in_hand = 0
        self.may_end: dict[int, asyncio.Event] = {}

    async def __call__(self, event: TelegramObject, data: dict[str, Any]) -> None:
        assert isinstance(event, Update)
        self.begun.append(event.update_id)
        self.in_hand += 1
        self.most_in_hand = max(self.most_in_hand, self.in_hand)
        await self.may_end.setdefault(event.update_id, asyncio.Event()).wait()
        self.in_hand -= 1

    async def end(self, number: int) -> None:
        self.may_end.setdefault(number, asyncio.Event()).set()
        await settle()


async def settle() -> None:
    for _ in range(6):
        await asyncio.sleep(0)


async def test_whoever_came_first_is_let_in_first() -> None:
    admission, handling = Admission(places=1), Handling()
    async with asyncio.TaskGroup() as group:
        for number in (1, 2, 3):
            data = {"moment": MORNING + timedelta(seconds=number)}
            group.create_task(admission(handling, update(number, number), data))
        await settle()
        for number in (1, 2, 3):
            assert handling.begun == list(range(1, number + 1))
            await handling.end(number)
    assert handling.most_in_hand == 1


async def test_what_had_to_be_brought_again_keeps_its_place_in_the_order() -> None:
    admission, handling = Admission(places=1), Handling()
    async with asyncio.TaskGroup() as group:
        for number, second in ((1, 1), (2, 5), (3, 3)):
            data = {"moment": MORNING + timedelta(seconds=second)}
            group.create_task(admission(handling, update(number, number), data))
        await settle()
        for number in (1, 3, 2):
            await handling.end(number)
    assert handling.begun == [1, 3, 2]


async def test_a_persons_own_queue_takes_no_place_from_others() -> None:
    in_order, admission, handling = InOrder(), Admission(places=2), Handling()

    async def chain(event: TelegramObject, data: dict[str, Any]) -> Any:
        return await admission(handling, event, data)

    async with asyncio.TaskGroup() as group:
        for number, user in ((1, 1), (2, 1), (3, 1), (4, 2)):
            data = {"moment": MORNING + timedelta(seconds=number)}
            group.create_task(in_order(chain, update(number, user), data))
        await settle()
        assert handling.begun == [1, 4]
        for number in (1, 2, 3, 4):
            await handling.end(number)


async def test_a_press_taken_up_again_within_an_update_needs_no_place_of_its_own() -> None:
    admission, handling = Admission(places=1), Handling()
    handling.may_end[2] = asyncio.Event()
    handling.may_end[2].set()

    async def feeding(event: TelegramObject, data: dict[str, Any]) -> None:
        await admission(handling, update(2, 1), data)

    async with asyncio.timeout(1):
        await admission(feeding, update(1, 1), {"moment": MORNING})
    assert handling.begun == [2]


async def test_failing_or_giving_up_frees_the_place() -> None:
    admission, handling = Admission(places=1), Handling()

    async def failing(event: TelegramObject, data: dict[str, Any]) -> None:
        raise RuntimeError

    await asyncio.gather(
        admission(failing, update(1, 1), {"moment": MORNING}), return_exceptions=True
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(admission(handling, update(2, 2), {"moment": MORNING}))
        impatient = group.create_task(admission(handling, update(3, 3), {"moment": MORNING}))
        group.create_task(admission(handling, update(4, 4), {"moment": MORNING}))
        await settle()
        impatient.cancel()
        await handling.end(2)
        assert handling.begun == [2, 4]
        await handling.end(4)
