"""The pacer: below Telegram's limits, answers first, nothing forgotten after a pause."""

import asyncio
import math
import tracemalloc
from collections.abc import AsyncIterator
from random import Random

import pytest

from bot.outgoing.pace import CHAT_BURST, Pacer, TooLate
from core.notices.plan import Lane
from tests.unit.bot.watch import Watch

IDEAL = 900 / 30


class Sender:
    """Sends through a pacer, and notes who got their turn when."""

    def __init__(self, per_second: int = 30, per_chat: int = 1) -> None:
        self.watch = Watch()
        self.pacer = Pacer(per_second, per_chat, self.watch)
        self.turns: list[tuple[float, str]] = []
        self.refused: list[str] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def send(
        self, name: str, chat_id: int, lane: Lane = Lane.ANSWER, within: float = math.inf
    ) -> asyncio.Task[None]:
        """Stand in line."""
        task = asyncio.get_running_loop().create_task(self._send(name, chat_id, lane, within))
        self._tasks.add(task)
        return task

    async def _send(self, name: str, chat_id: int, lane: Lane, within: float) -> None:
        try:
            await self.pacer.turn(chat_id, lane, within=within)
        except TooLate:
            self.refused.append(name)
        else:
            self.turns.append((self.watch.now, name))

    def broadcast(self, count: int) -> None:
        """One message to each of so many chats."""
        for number in range(count):
            self.send(f"broadcast {number}", 1000 + number, Lane.BROADCAST)

    def when(self, name: str) -> float:
        return next(moment for moment, who in self.turns if who == name)

    @property
    def order(self) -> list[str]:
        return [name for _, name in self.turns]

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()


@pytest.fixture
async def sender() -> AsyncIterator[Sender]:
    sender = Sender()
    yield sender
    sender.close()


def refusals(moments: list[float]) -> int:
    """How often Telegram's bucket of 30, refilled by 30 a second, would have been empty."""
    left, before, refused = 30.0, 0.0, 0
    for moment in moments:
        left = min(30, left + (moment - before) * 30)
        before = moment
        refused += left < 1
        left -= 1
    return refused


def most_in_a_second(moments: list[float]) -> int:
    return max(sum(start <= m < start + 1 for m in moments) for start in moments)


async def test_nine_hundred_messages_take_hardly_longer_than_they_must(sender: Sender) -> None:
    sender.broadcast(900)
    await sender.watch.pass_time(IDEAL * 1.03)
    assert len(sender.turns) == 900
    assert most_in_a_second([moment for moment, _ in sender.turns]) <= 30


async def test_whatever_stands_in_line_the_limit_is_never_reached(sender: Sender) -> None:
    random = Random(1)
    sender.broadcast(300)
    for number in range(200):
        lane = random.choice(list(Lane))
        sender.send(f"{number}", random.randrange(100), lane)
        if random.random() < 0.05:
            await sender.watch.pass_time(random.random() * 2)
    await sender.watch.pass_time(120)
    moments = [moment for moment, _ in sender.turns]
    assert len(moments) == 500
    assert refusals(moments) == 0


async def test_an_answer_does_not_wait_for_what_stands_in_line(sender: Sender) -> None:
    sender.broadcast(900)
    await sender.watch.pass_time(5)
    asked = {}
    for number in range(50):
        asked[f"answer {number}"] = sender.watch.now
        sender.send(f"answer {number}", number)
        await sender.watch.pass_time(0.1)
    waits = [sender.when(name) - moment for name, moment in asked.items()]
    assert max(waits) == 0
    await sender.watch.pass_time(IDEAL)
    assert refusals([moment for moment, _ in sender.turns]) == 0


async def test_many_answers_at_once_stay_within_what_telegram_bears(sender: Sender) -> None:
    sender.broadcast(100)
    await sender.watch.pass_time(2)
    for number in range(100):
        sender.send(f"{number}", number)
    await sender.watch.pass_time(10)
    assert len(sender.turns) == 200
    assert refusals([moment for moment, _ in sender.turns]) == 0


async def test_what_answers_take_the_lanes_below_give(sender: Sender) -> None:
    sender.broadcast(900)
    for number in range(100):
        sender.send(f"answer {number}", number)
        await sender.watch.pass_time(0.1)
    assert 190 <= sum(name.startswith("broadcast") for name in sender.order) <= 200


async def test_lanes_go_in_their_order_and_first_come_first_served(sender: Sender) -> None:
    sender.send("first", 99, Lane.BROADCAST)
    await sender.watch.pass_time(0)
    for number in range(3):
        for lane in (Lane.BROADCAST, Lane.REMINDER, Lane.VOUCHER, Lane.ANSWER):
            sender.send(f"{lane.name} {number}", 10 * lane + number, lane)
    await sender.watch.pass_time(1)
    assert sender.order[1:] == [f"{lane.name} {n}" for lane in Lane for n in range(3)]


async def test_one_chat_gets_one_notice_a_second_and_holds_up_no_other(sender: Sender) -> None:
    for number in range(3):
        sender.send(f"same {number}", 1, Lane.REMINDER)
    sender.send("other", 2, Lane.REMINDER)
    await sender.watch.pass_time(5)
    assert sender.order == ["same 0", "other", "same 1", "same 2"]
    assert sender.when("same 1") - sender.when("same 0") > 1
    assert sender.when("same 2") - sender.when("same 1") > 1
    assert sender.when("same 2") < 2.1


async def test_a_person_who_taps_quickly_is_answered_at_once_and_then_once_a_second(
    sender: Sender,
) -> None:
    for number in range(CHAT_BURST + 2):
        sender.send(f"{number}", 1)
    await sender.watch.pass_time(0)
    assert len(sender.turns) == CHAT_BURST
    await sender.watch.pass_time(1.1)
    assert len(sender.turns) == CHAT_BURST + 1


async def test_after_a_burst_of_answers_a_notice_to_that_chat_lets_it_rest(sender: Sender) -> None:
    for number in range(3):
        sender.send(f"{number}", 1)
    sender.send("notice", 1, Lane.VOUCHER)
    await sender.watch.pass_time(10)
    assert 3 <= sender.when("notice") <= 3.2


async def test_a_pause_holds_everyone_and_the_lines_stay_as_they_were(sender: Sender) -> None:
    sender.broadcast(60)
    await sender.watch.pass_time(1)
    before = len(sender.turns)
    sender.pacer.pause(5)
    sender.send("answer", 1)
    await sender.watch.pass_time(4.9)
    assert len(sender.turns) == before
    await sender.watch.pass_time(10)
    assert sender.order[before] == "answer"
    assert [n for n in sender.order if n != "answer"] == [f"broadcast {n}" for n in range(60)]


async def test_a_longer_pause_is_not_ended_by_a_shorter_one(sender: Sender) -> None:
    sender.pacer.pause(5)
    sender.pacer.pause(1)
    sender.send("answer", 1)
    await sender.watch.pass_time(4.9)
    assert sender.turns == []
    await sender.watch.pass_time(0.2)
    assert sender.order == ["answer"]


async def test_what_does_not_count_waits_for_the_end_of_a_pause_only(sender: Sender) -> None:
    sender.broadcast(900)
    await asyncio.wait_for(sender.pacer.end_of_pause(), 1)
    sender.pacer.pause(5)
    ends = asyncio.get_running_loop().create_task(sender.pacer.end_of_pause())
    await sender.watch.pass_time(4.9)
    assert not ends.done()
    await sender.watch.pass_time(0.2)
    assert ends.done()


async def test_who_would_be_served_too_late_is_refused_in_time_and_takes_no_turn(
    sender: Sender,
) -> None:
    sender.broadcast(90)
    sender.send("in time", 1, Lane.BROADCAST, within=4)
    sender.send("late", 2, Lane.BROADCAST, within=2)
    sender.send("over", 3, Lane.BROADCAST, within=0)
    await sender.watch.pass_time(2.01)
    assert sender.refused == ["over", "late"]
    await sender.watch.pass_time(2)
    assert sender.order[-1] == "in time"


async def test_who_cannot_be_served_before_a_pause_is_over_is_told_at_once(sender: Sender) -> None:
    sender.pacer.pause(60)
    for call in (
        sender.pacer.turn(1, Lane.REMINDER, within=50),
        sender.pacer.end_of_pause(within=30),
    ):
        with pytest.raises(TooLate) as refused:
            await call
        assert refused.value.held == 60


async def test_who_gives_up_in_line_takes_no_turn(sender: Sender) -> None:
    sender.broadcast(3)
    leaving = sender.send("leaving", 1, Lane.BROADCAST)
    sender.send("staying", 2, Lane.BROADCAST)
    await sender.watch.pass_time(0.01)
    leaving.cancel()
    await sender.watch.pass_time(4 / 29)
    assert sender.order == ["broadcast 0", "broadcast 1", "broadcast 2", "staying"]


async def test_a_thousand_a_second_can_be_kept_too() -> None:
    sender = Sender(per_second=1000)
    sender.broadcast(3000)
    await sender.watch.pass_time(3 * 1.03)
    assert len(sender.turns) == 3000
    assert most_in_a_second([m for m, _ in sender.turns[::10]]) <= 100


async def test_chats_at_rest_are_forgotten(sender: Sender) -> None:
    tracemalloc.start()
    for number in range(6_000):
        sender.watch.now += 0.05
        await sender.pacer.turn(number, Lane.REMINDER)
        if number == 1000:
            before, _ = tracemalloc.get_traced_memory()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 100_000
