"""A person's updates are handled in the order of their arrival; nobody waits for another."""

import asyncio
from typing import Any

from aiogram.types import TelegramObject, Update

from bot.middlewares.order import InOrder


def update(number: int, user: int) -> Update:
    return Update.model_validate(
        {
            "update_id": number,
            "message": {
                "message_id": number,
                "date": 0,
                "chat": {"id": user, "type": "private"},
                "from": {"id": user, "is_bot": False, "first_name": "A"},
                "text": "x",
            },
        }
    )


class Handling:
    """A handler that takes as long as the test wants."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.may_end = asyncio.Event()

    async def __call__(self, event: TelegramObject, data: dict[str, Any]) -> None:
        assert isinstance(event, Update)
        self.begun.append(event.update_id)
        await self.may_end.wait()


async def test_one_after_another_and_others_beside() -> None:
    in_order, handling = InOrder(), Handling()
    async with asyncio.TaskGroup() as group:
        for number, user in ((1, 1), (2, 1), (3, 2)):
            group.create_task(in_order(handling, update(number, user), {}))
        await asyncio.sleep(0.01)
        assert handling.begun == [1, 3]
        handling.may_end.set()
    assert handling.begun == [1, 3, 2]


async def test_an_update_within_an_update_does_not_wait_for_it() -> None:
    """A press taken up again after entering is fed from within the code's own update."""
    in_order, handling = InOrder(), Handling()
    handling.may_end.set()

    async def feeding(event: TelegramObject, data: dict[str, Any]) -> None:
        await in_order(handling, update(2, 1), data)

    async with asyncio.timeout(1):
        await in_order(feeding, update(1, 1), {})
    assert handling.begun == [2]


async def test_a_failure_lets_the_next_one_through() -> None:
    in_order, handling = InOrder(), Handling()
    handling.may_end.set()

    async def failing(event: TelegramObject, data: dict[str, Any]) -> None:
        raise RuntimeError

    async with asyncio.timeout(1):
        await asyncio.gather(in_order(failing, update(1, 1), {}), return_exceptions=True)
        await in_order(handling, update(2, 1), {})
    assert handling.begun == [2]
