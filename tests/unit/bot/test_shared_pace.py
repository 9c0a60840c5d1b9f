"""Several processes keep one pace: together below Telegram's limits, answers first, and a pause
holds them all."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence

import pytest

from bot.outgoing.pace import CHAT_BURST, MARGIN, TooLate
from bot.outgoing.shared_pace import AGAIN, SharedPacer
from core.db.engine import DatabaseDown
from core.notices.plan import Lane
from core.pace.ledger import Standing
from tests.unit.bot.test_pace import most_in_a_second, refusals
from tests.unit.bot.watch import Watch


class Table:
    """The ledger's promise without a database."""

    def __init__(self, watch: Watch, per_second: int, per_chat: int) -> None:
        self.watch = watch
        self.step, self.chat_step = 1 / (per_second * MARGIN), 1 / (per_chat * MARGIN)
        self.free = self.held = 0.0
        self.chats: dict[int, float] = {}
        self.down = False
        self.statements = 0

    async def settle(
        self, sent: Sequence[int], wanted: Sequence[int], *, late: float, hold: float
    ) -> Standing:
        if self.down:
            raise DatabaseDown
        self.statements += 1
        now = self.watch.now
        given = [chat for chat in wanted if self.chats.get(chat, 0) <= now]
        for chat, number in Counter([*sent, *given]).items():
            self.chats[chat] = max(self.chats.get(chat, 0), now) + number * self.chat_step
        self.free = max(self.free, now - late) + self.step * (len(sent) + len(given))
        self.held = max(self.held, now + hold)
        rests = {chat: self.chats[chat] - now for chat in {*sent, *given}}
        return Standing(self.free - now, self.held - now, rests)

    async def forget(self) -> None:
        self.chats.clear()


class Processes:
    """Some processes on one table, and when each message went."""

    def __init__(self, count: int = 2, per_second: int = 30) -> None:
        self.watch = Watch()
        self.table = Table(self.watch, per_second, 1)
        self.pacers = [SharedPacer(self.table, per_second, 1, self.watch) for _ in range(count)]
        self.turns: list[tuple[float, str]] = []
        self.refused: list[str] = []
        loop = asyncio.get_running_loop()
        self._tasks = {loop.create_task(pacer.run()) for pacer in self.pacers}

    def send(self, process: int, name: str, chat: int, lane: Lane = Lane.ANSWER) -> None:
        async def sending() -> None:
            try:
                await self.pacers[process].turn(chat, lane)
            except TooLate:
                self.refused.append(name)
            else:
                self.turns.append((self.watch.now, name))

        self._tasks.add(asyncio.get_running_loop().create_task(sending()))

    def broadcast(self, process: int, count: int) -> None:
        for number in range(count):
            self.send(process, "broadcast", 1000 * (process + 1) + number, Lane.BROADCAST)

    @property
    def moments(self) -> list[float]:
        return [moment for moment, _ in self.turns]

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()


@pytest.fixture
async def two() -> AsyncIterator[Processes]:
    processes = Processes()
    yield processes
    processes.close()


async def test_two_processes_together_keep_the_pace_and_lose_nothing_of_it(two: Processes) -> None:
    two.broadcast(0, 300)
    two.broadcast(1, 300)
    await two.watch.pass_time(600 / 30 * 1.03)
    assert len(two.turns) == 600
    assert most_in_a_second(two.moments) <= 30
    assert two.table.statements < 600 / 2, "several messages share a statement"


async def test_one_alone_is_as_quick_as_one_that_shares_nothing(two: Processes) -> None:
    two.broadcast(0, 450)
    await two.watch.pass_time(450 / 30 * 1.03)
    assert len(two.turns) == 450


async def test_answers_go_at_once_beside_the_broadcasts_of_others(two: Processes) -> None:
    two.broadcast(0, 400)
    await two.watch.pass_time(2)
    asked = {}
    for number in range(30):
        asked[f"answer {number}"] = two.watch.now
        two.send(1, f"answer {number}", number)
        await two.watch.pass_time(0.1)
    waits = [moment - asked[name] for moment, name in two.turns if name in asked]
    assert len(waits) == 30
    assert max(waits) == 0
    await two.watch.pass_time(15)
    assert refusals(two.moments) == 0


async def test_many_answers_of_all_at_once_stay_within_what_telegram_bears(two: Processes) -> None:
    two.broadcast(0, 60)
    await two.watch.pass_time(1)
    for number in range(60):
        two.send(0, "answer", number)
        two.send(1, "answer", 100 + number)
    await two.watch.pass_time(10)
    assert len(two.turns) == 180
    assert refusals(sorted(two.moments)) == 0


async def test_a_chat_gets_one_notice_a_second_whoever_sends_it(two: Processes) -> None:
    for process in (0, 1):
        for _ in range(2):
            two.send(process, "notice", 7, Lane.VOUCHER)
    await two.watch.pass_time(6)
    gaps = [later - before for before, later in zip(two.moments, two.moments[1:], strict=False)]
    assert len(two.turns) == 4
    assert min(gaps) > 1


async def test_a_burst_of_answers_in_one_process_counts_in_the_other(two: Processes) -> None:
    for _ in range(CHAT_BURST):
        two.send(0, "here", 7)
    await two.watch.pass_time(0.1)
    two.send(1, "there", 7)  # it did not know
    await two.watch.pass_time(0.1)
    two.send(1, "there", 7)
    await two.watch.pass_time(0.5)
    assert [name for _, name in two.turns].count("there") == 1
    await two.watch.pass_time(3)
    assert [name for _, name in two.turns].count("there") == 2


async def test_a_pause_holds_them_all(two: Processes) -> None:
    two.broadcast(0, 90)
    two.broadcast(1, 90)
    await two.watch.pass_time(1)
    two.pacers[0].pause(5)
    await two.watch.pass_time(0.3)
    before = len(two.turns)
    await two.watch.pass_time(4.6)
    assert len(two.turns) == before
    await two.watch.pass_time(10)
    assert len(two.turns) == 180


async def test_who_cannot_reach_the_ledger_stops_by_itself(
    two: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.outgoing.shared_pace.AGAIN", 0)
    assert AGAIN > 0
    two.table.down = True
    for number in range(50):
        two.send(0, "answer", number)
    two.broadcast(0, 50)
    await two.watch.pass_time(5)
    assert len(two.turns) <= 3
    two.table.down = False
    await asyncio.sleep(0.001)
    await two.watch.pass_time(10)
    assert len(two.turns) == 100


async def test_who_ends_lets_its_notices_go_and_still_answers(two: Processes) -> None:
    two.broadcast(0, 50)
    await two.watch.pass_time(0.5)
    two.pacers[0].let_go()
    two.send(0, "answer", 1)
    two.send(0, "late", 2, Lane.VOUCHER)
    await two.watch.pass_time(3)
    assert len(two.refused) > 30
    assert "late" in two.refused
    assert "answer" in [name for _, name in two.turns]


@pytest.mark.parametrize("per_second", [1, 300])
async def test_slow_and_fast_limits_are_kept_too(per_second: int) -> None:
    processes = Processes(per_second=per_second)
    count = per_second
    for process in (0, 1):
        processes.broadcast(process, max(2, count))
    await processes.watch.pass_time(2 * max(2, count) / per_second * 1.03 + 0.1)
    assert len(processes.turns) == 2 * max(2, count)
    assert processes.table.statements <= 2 * max(2, count)
    processes.close()
