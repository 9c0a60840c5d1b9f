"""The ledger on PostgreSQL: what several processes take at the same time is never taken twice."""

import asyncio

import pytest

from core.pace.ledger import Ledger
from tests.integration.processes.conftest import Office

NOW = 1_000_000.0
QUIET = {"late": 0.0, "hold": 0.0, "now": NOW}


async def ledgers(office: Office, count: int = 2) -> list[Ledger]:
    return [Ledger(await office.process(), 10, 1) for _ in range(count)]


async def test_turns_are_one_after_the_other_over_all_processes(office: Office) -> None:
    books = await ledgers(office, 4)
    settled = await asyncio.gather(
        *(
            books[number % 4].settle([], [100 * number, 100 * number + 1], **QUIET)
            for number in range(20)
        )
    )
    assert (
        sorted(round(one.lead, 3) for one in settled)
        == [round(0.2 * (number + 1), 3) for number in range(10)] + [2.2] * 10
    ), "so far ahead is only a clock that was set back"


async def test_a_chat_gets_one_turn_of_all_that_ask_at_the_same_time(office: Office) -> None:
    books = await ledgers(office, 4)
    settled = await asyncio.gather(*(book.settle([], [7, 8], **QUIET) for book in books))
    assert sorted(len(one.rests) for one in settled) == [0, 0, 0, 2]
    later = await books[0].settle([], [7], late=0, hold=0, now=NOW + 1.1)
    assert later.rests == {7: pytest.approx(1)}


async def test_answers_count_for_all_whether_the_chat_was_at_rest_or_not(office: Office) -> None:
    here, there = await ledgers(office)
    await here.settle([7, 7, 8], [], **QUIET)
    standing = await there.settle([7], [8, 9], **QUIET)
    assert standing.lead == pytest.approx(0.5)
    assert standing.rests == {7: pytest.approx(3), 9: pytest.approx(1)}


async def test_a_pause_is_everybodys_and_the_longest_counts(office: Office) -> None:
    here, there = await ledgers(office)
    await here.settle([], [], late=0, hold=5, now=NOW)
    await here.settle([], [], late=0, hold=1, now=NOW)
    assert (await there.settle([], [], late=0, hold=0, now=NOW + 2)).held == pytest.approx(3)


async def test_what_was_missed_is_made_up_for_as_far_as_is_asked(office: Office) -> None:
    (book,) = await ledgers(office, 1)
    await book.settle([], [1], **QUIET)
    assert (await book.settle([], [2], late=0.1, hold=0, now=NOW + 9)).lead == pytest.approx(0)
    assert (await book.settle([], [3], late=0, hold=0, now=NOW + 19)).lead == pytest.approx(0.1)
