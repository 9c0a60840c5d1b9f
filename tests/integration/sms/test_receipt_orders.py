"""Any order and repetition of receipts ends in the same state of the messages."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from core.clock import TravelClock
from core.db.engine import Database
from core.sms.mobizon import STATES
from core.sms.port import Accepted, Answer, Rejected, Sms, Unknown
from core.sms.receipts import Receipt
from core.sms.rules import FINAL, Report, State
from core.sms.service import SmsSender
from core.sms.smsc import DELIVERED, NOT_DELIVERED, UNDER_WAY
from tests.conftest import MORNING
from tests.conftest import _never_wait_for_the_disk as never_wait_for_the_disk
from tests.integration.sms.office import PHONE, Gateway, Office

UNKNOWN_STATUS = 77
STATUSES = sorted(DELIVERED | NOT_DELIVERED | UNDER_WAY | {UNKNOWN_STATUS})


@dataclass(frozen=True)
class Message:
    """Who has it, and what Mobizon says of it in the end. "passed_on": SMSC was asked first, and
    certainly had not taken it."""

    holder: str
    truth: str


@dataclass(frozen=True)
class Told:
    """A receipt: which message it is about (one too many: an unknown one), from whom, what."""

    about: int
    gateway: str
    status: str


@dataclass(frozen=True)
class Order:
    """The receipts as they come: the first `early` of them while their message is still being
    sent, and so many seconds between two of them (0: nobody looks in between)."""

    told: Sequence[Told]
    early: int
    pauses: Sequence[int]
    lag: int


MESSAGES = st.lists(
    st.builds(
        Message,
        holder=st.sampled_from(["smsc", "mobizon", "passed_on"]),
        truth=st.sampled_from(sorted(STATES)),
    ),
    min_size=1,
    max_size=3,
)


@st.composite
def games(draw: st.DrawFn) -> tuple[list[Message], Order, Order]:
    """Messages, and the same receipts about them in two orders."""
    messages = draw(MESSAGES)
    about = st.integers(0, len(messages))
    of_smsc = st.builds(Told, about, st.just("smsc"), st.sampled_from(STATUSES).map(str))
    of_mobizon = st.builds(Told, about, st.just("mobizon"), st.sampled_from(sorted(STATES)))
    told = draw(st.lists(of_smsc | of_mobizon, min_size=1, max_size=8))

    def order(again: list[Told]) -> Order:
        count = len(told) + len(again)
        return Order(
            draw(st.permutations(told + again)),
            draw(st.integers(0, count)),
            draw(st.lists(st.sampled_from([0, 0, 1, 90]), min_size=count, max_size=count)),
            draw(st.integers(0, 3)),
        )

    return messages, order([]), order(draw(st.lists(st.sampled_from(told), max_size=5)))


class Lagging(Gateway):
    """A gateway whose own interface knows later than its receipts tell; and what happens while a
    message is being sent."""

    def __init__(self, name: str, lag: int) -> None:
        super().__init__(name)
        self.lag = lag
        self.meanwhile: Any = None

    async def send(self, sms: Sms) -> Answer:
        await self.meanwhile(sms)
        return await super().send(sms)

    async def reports(self, messages: Any) -> Any:
        self.lag -= 1
        if self.lag >= 0:
            return {message.id: Report(State.ACCEPTED, "ACCEPTD") for message in messages}
        return await super().reports(messages)


class Play:
    """One order, played on messages of its own."""

    def __init__(self, database: Database, messages: list[Message], order: Order) -> None:
        self.clock = TravelClock(MORNING, running=False)
        self.mobizon = Lagging("mobizon", order.lag)
        self.smsc = Lagging("smsc", 0)
        self.office = Office(database, self.clock, self.smsc, self.mobizon)
        self.messages, self.order = messages, order
        self.ids: list[int] = []

    async def run(self) -> list[tuple[str, str | None, bool | None]]:
        """Each message's state, the gateway's word for it, and what its sender was told last."""
        for message in self.messages:
            await self._send(message)
        early, late = self._parted()
        for told, pause in zip(late, self.order.pauses[len(early) :], strict=True):
            await self._tell(told, self._number(told))
            await self._pass(pause)
        await self.office.drain()
        rows = [await self.office.row(number) for number in self.ids]
        told_last = dict(self.office.told)
        return [(row.state, row.reported, told_last.get(row.id)) for row in rows]

    async def _send(self, message: Message) -> None:
        index = len(self.ids)

        async def meanwhile(sms: Sms) -> None:
            if len(self.ids) > index:
                return
            self.ids.append(sms.id)
            self.mobizon.truth[f"m{sms.id}"] = Report(STATES[message.truth], message.truth)
            self.mobizon.answer = Accepted(f"m{sms.id}", 1, None)
            self.smsc.answer = Accepted(str(sms.id), 1, None)
            if message.holder == "passed_on":
                self.smsc.answer, self.smsc.told = Unknown(), Rejected("-3")
            early, _ = self._parted()
            for told, pause in zip(early, self.order.pauses, strict=False):
                if told.about == index:
                    await self._tell(told, sms.id)
                    await self._pass(min(pause, 1))

        self.smsc.meanwhile = self.mobizon.meanwhile = meanwhile
        gateways = {"smsc": [self.smsc], "mobizon": [self.mobizon]}.get(
            message.holder, [self.smsc, self.mobizon]
        )
        sender = SmsSender(self.office.database, gateways, self.clock)
        await sender.send("voucher", PHONE, "text")

    def _parted(self) -> tuple[list[Told], list[Told]]:
        """Those that come while their message is sent, and the others."""
        cut = self.order.early
        known = range(len(self.messages))
        early = [told for told in self.order.told[:cut] if told.about in known]
        late = [told for told in self.order.told[:cut] if told.about not in known]
        return early, late + list(self.order.told[cut:])

    def _number(self, told: Told) -> int:
        return self.ids[told.about] if told.about < len(self.ids) else 2_000_000_000

    async def _tell(self, told: Told, number: int) -> None:
        name = str(number) if told.gateway == "smsc" else f"m{number}"
        happening = f"{name}:{told.status}"
        phone = PHONE.value if told.gateway == "smsc" else None
        receipt = Receipt(told.gateway, happening, name, told.status, phone)
        await self.office.receipts.take(receipt, self.clock.now())

    async def _pass(self, seconds: int) -> None:
        if seconds:
            self.office.later(seconds=seconds)
            await self.office.handle()


def expected(index: int, message: Message, told: Sequence[Told]) -> State:
    """What must come out, from what was told alone."""
    of_smsc = {int(one.status) for one in told if one.about == index and one.gateway == "smsc"}
    if of_smsc & DELIVERED:
        return State.DELIVERED
    if message.holder != "smsc":
        return STATES[message.truth]
    return State.FAILED if of_smsc & NOT_DELIVERED else State.ACCEPTED


async def both_ways(database: Database, game: tuple[list[Message], Order, Order]) -> None:
    messages, one, other = game
    first = await Play(database, messages, one).run()
    assert await Play(database, messages, other).run() == first
    for index, message in enumerate(messages):
        state, _, told = first[index]
        assert state == expected(index, message, one.told)
        assert told is (state == State.DELIVERED if state in FINAL else None)


def played(url: str, examples: int) -> None:
    """That many games, on one database: each has messages of its own."""

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(games())
    def play(game: tuple[list[Message], Order, Order]) -> None:
        async def alone() -> None:
            database = Database(url)
            if database.is_sqlite:
                event.listen(database.engine.sync_engine, "connect", never_wait_for_the_disk)
            try:
                await both_ways(database, game)
            finally:
                await database.close()

        asyncio.run(alone())

    play()


def test_any_order_and_repetition_ends_alike(sqlite_url: str) -> None:
    played(sqlite_url, 8)


def test_any_order_and_repetition_ends_alike_on_postgresql(postgresql_url: str) -> None:
    played(postgresql_url, 3)


@pytest.mark.soak
def test_very_many_orders_end_alike(sqlite_url: str) -> None:
    played(sqlite_url, 300)
