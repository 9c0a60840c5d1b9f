"""The recorder: outcomes in groups, each as soon as it can be, none lost to a neighbour's fault."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from bot.outgoing import recorder
from bot.outgoing.recorder import Recorder
from core.clock import TravelClock
from core.db.engine import DatabaseDown
from core.notices.values import Pointless
from tests.conftest import MORNING


class Outbox:
    """Notes what is recorded together; `faults` are raised first."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.faults: list[Exception] = []
        self.refused: set[int] = set()

    async def record(self, outcomes: Sequence[tuple[Any, Any]], now: datetime) -> None:
        await asyncio.sleep(0)
        if self.faults:
            raise self.faults.pop()
        ids = [notice.id for notice, _ in outcomes]
        if self.refused.intersection(ids):
            raise ValueError
        self.groups.append(ids)


class Notice:
    def __init__(self, number: int) -> None:
        self.id = number


@pytest.fixture
def outbox() -> Outbox:
    return Outbox()


async def record(outbox: Outbox, count: int) -> None:
    """So many outcomes become known at once."""
    clock: Any = TravelClock(MORNING, running=False)
    box: Any = outbox
    writing = Recorder(box, clock)
    notices: list[Any] = [Notice(number) for number in range(count)]
    await asyncio.gather(*(writing.record(notice, Pointless()) for notice in notices))


async def test_what_comes_together_while_the_first_is_written_is_written_at_once(
    outbox: Outbox,
) -> None:
    await record(outbox, 50)
    assert outbox.groups == [[0], list(range(1, 50))] or outbox.groups == [list(range(50))]


async def test_a_database_that_is_down_is_waited_for(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sent must not be sent again."""
    monkeypatch.setattr(recorder, "PAUSE", recorder.PAUSE * 0)
    outbox.faults += [DatabaseDown(), DatabaseDown()]
    await record(outbox, 1)
    assert outbox.groups == [[0]]


async def test_one_outcome_that_cannot_be_written_takes_no_other_with_it(outbox: Outbox) -> None:
    outbox.refused = {3}
    await record(outbox, 10)
    assert sorted(number for group in outbox.groups for number in group) == [
        number for number in range(10) if number != 3
    ]
