from collections.abc import AsyncIterator

import pytest

from tests.unit.sandbox.desk_at_work import DeskAtWork, desk_at_work


@pytest.fixture
async def desk() -> AsyncIterator[DeskAtWork]:
    """A desk with one person, Айгүл, and a bot that listens to nothing until it is told to."""
    async with desk_at_work() as working:
        yield working
