"""What can happen next: each step happens in the house and in the world of the rules alike."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from tests.model.house import RealHouse
from tests.model.people import number_of
from tests.model.rules import TAKING, Child, Code, Parent, Request, at
from tests.model.world import World

LAST_MOMENT = at(date(2026, 7, 25))
"""The 28 days on the stop list that may begin then still end within the wall calendar."""
KNOWN = frozenset(
    {"act", "ask", "app", "code", "count", "doc", "drop", "j", "m", "nums"}
    | {"p", "pc", "pf", "pg", "pl", "pm", "ps"}
)
"""Buttons that are pressed at random, by their prefix: not those that leave or change the
language, which have nothing to do with the rules."""

ACTS = ["confirm_interest", "refuse_voucher", "remove_from_queue", "restore", "take_place"]

GuessedCode = Literal["newest", "older", "wrong"]


@dataclass
class Play:
    """A house and the world that it is compared with. `again`: what the last update of each
    person means when it comes once more."""

    house: RealHouse
    world: World
    events: int = 0
    again: dict[int, Callable[[], None]] = field(default_factory=dict)

    def child(self, number: int) -> Child:
        return self.world.children[number % len(self.world.children)]

    def parent(self, number: int) -> Parent:
        return self.world.parents[number % len(self.world.parents)]

    async def press(self, parent: Parent, data: str, message: int, twice: bool) -> None:
        """Callback data under the `message`-th newest of the bot's messages."""
        there = await self.house.messages(parent.id)
        under = there[message % len(there)]["message_id"]
        await self.house.press(parent.id, under, data, twice=twice)
        self.mean_press(parent, data)

    def mean_press(self, parent: Parent, data: str) -> None:
        """By the rules, a button with that data has been pressed."""
        self._mean(parent, lambda: self._pressed(parent, data))

    def _mean(self, parent: Parent, meaning: Callable[[], None]) -> None:
        self.again[parent.id] = meaning
        meaning()

    def _pressed(self, parent: Parent, data: str) -> None:
        """What a press means by the rules; nothing when the child is another parent's (D11)."""
        world = self.world
        prefix, *fields = data.split(":")
        if prefix == "m":
            parent.waits = None if parent.waits == "place_search" else parent.waits
        if prefix in ("m", "j"):
            return
        child = self.child(int(fields[0]) - 1)
        if child.parent is not parent:
            return
        version = int(fields[1])
        if prefix == "act":
            world.press(child, version, fields[2])
        elif prefix == "pg":
            world.take(child, version, world.places[int(fields[2]) - 1])
        elif prefix in ("code", "drop"):
            request = self.requests[int(fields[2])]
            (world.new_code if prefix == "code" else world.step_back)(request)
        elif prefix == "ps":
            parent.waits = "place_search"
        elif prefix == "pl" and "take_place" in child.may(world.now):
            parent.waits = None if parent.waits == "place_search" else parent.waits

    @property
    def requests(self) -> dict[int, Request]:
        """Every request that ever got a code, by its id."""
        codes = [code for parent in self.world.parents for code in parent.codes]
        return {code.request.id: code.request for code in codes if code.request.id is not None}

    async def write(self, parent: Parent, text: str, twice: bool = False) -> None:
        await self.house.write(parent.id, text, twice=twice)
        self._mean(parent, lambda: self._wrote(parent, text))

    def _wrote(self, parent: Parent, text: str) -> None:
        """What a text that is no code means by the rules."""
        waits = parent.waits
        if text == "/cancel":
            if isinstance(waits, Request):
                self.world.step_back(waits)
            parent.waits = None
        elif waits == "place_search":
            parent.waits = None

    async def enter(self, parent: Parent, guessed: GuessedCode, twice: bool = False) -> None:
        """Type a code: the newest that came, the one before it, or one that never came."""
        came = (await self.house.codes())[parent.id]
        back = {"newest": 1, "older": 2, "wrong": len(came) + 1}[guessed]
        known = len(came) >= back
        digits = came[-back] if known else next(d for d in ("000000", "111111") if d not in came)
        await self.house.write(parent.id, digits, twice=twice)
        guess = parent.sms[-back] if known else None
        key = self.house.last[parent.id].decode()
        self._mean(parent, lambda: self._entered(parent, guess, key))

    def _entered(self, parent: Parent, guess: Code | None, key: str) -> None:
        if parent.waits == "place_search":
            parent.waits = None
        self.world.enter(parent, guess, key)

    async def do(self, child: Child, act: str, place: int) -> None:
        """Press an act in its newest state."""
        data = f"act:{child.id}:{child.version}:{act}"
        if act in TAKING.values():
            data = f"pg:{child.id}:{child.version}:{place}"
        await self.press(child.parent, data, 0, False)


@dataclass(frozen=True)
class Step:
    """Nothing happens. `quiet`: whatever the bot then sends is a notice."""

    quiet = False

    async def take(self, play: Play) -> None:
        """Do it."""


@dataclass(frozen=True)
class Voucher(Step):
    """The portal issues a voucher; `again`: its last event comes once more."""

    child: int
    again: bool
    quiet = True

    async def take(self, play: Play) -> None:
        play.events += not (self.again and play.events)
        child, event = play.child(self.child), f"event-{play.events}"
        status = await play.house.voucher(number_of(child), event)
        assert status == play.world.voucher(child, event)


@dataclass(frozen=True)
class GoOn(Step):
    """Whatever brings an application on: its voucher, or an act with its code."""

    child: int
    place: int

    async def take(self, play: Play) -> None:
        child = play.child(self.child)
        if child.status == "in_queue":
            await Voucher(self.child, again=False).take(play)
            return
        acts = sorted(child.may(play.world.now) - {"refuse_voucher", "remove_from_queue"})
        if child.status == "stop_list":
            acts = ["restore"]  # possible or not (D2)
        if acts:
            await play.do(child, acts[0], self.place)
            await play.enter(child.parent, "newest")


@dataclass(frozen=True)
class Press(Step):
    """An act's button, of the newest state or of an older one, under any message; by its parent
    or by somebody else. `act` mostly chooses among what is possible."""

    child: int
    act: int
    place: int
    older: int
    message: int
    stranger: bool
    twice: bool

    async def take(self, play: Play) -> None:
        child = play.child(self.child)
        possible = sorted(child.may(play.world.now))
        kept = [act for act in possible if act not in ("refuse_voucher", "remove_from_queue")]
        acts = (kept[:1] if self.act < 7 else possible if self.act < 9 else ACTS) or ACTS
        act, version = acts[self.act % len(acts)], child.version - self.older
        data = f"act:{child.id}:{version}:{act}"
        if act in TAKING.values():
            data = f"pg:{child.id}:{version}:{self.place}"
        parent = play.parent(self.child + 1) if self.stranger else child.parent
        await play.press(parent, data, self.message, self.twice)


@dataclass(frozen=True)
class Tap(Step):
    """Any button that stands anywhere in a chat."""

    parent: int
    number: int
    twice: bool

    async def take(self, play: Play) -> None:
        parent = play.parent(self.parent)
        buttons = [
            (number, button["callback_data"])
            for number, message in enumerate(await play.house.messages(parent.id))
            for row in message["buttons"]
            for button in row
            if button.get("callback_data", "").split(":")[0] in KNOWN
        ]
        if buttons:
            number, data = buttons[self.number % len(buttons)]
            await play.press(parent, data, number, self.twice)


@dataclass(frozen=True)
class Around(Step):
    """The button for a new code, or the one that steps back."""

    parent: int
    prefix: Literal["code", "drop"]
    older: int
    twice: bool

    async def take(self, play: Play) -> None:
        parent = play.parent(self.parent)
        theirs = sorted(i for i, r in play.requests.items() if r.child.parent is parent)
        if theirs:
            number = theirs[-1 - self.older % len(theirs)]
            child = play.requests[number].child
            data = f"{self.prefix}:{child.id}:{child.version}:{number}"
            await play.press(parent, data, 0, self.twice)


@dataclass(frozen=True)
class Enter(Step):
    """A code is typed."""

    parent: int
    guessed: GuessedCode
    twice: bool

    async def take(self, play: Play) -> None:
        await play.enter(play.parent(self.parent), self.guessed, self.twice)


@dataclass(frozen=True)
class Write(Step):
    """Something else is typed."""

    parent: int
    text: str
    twice: bool

    async def take(self, play: Play) -> None:
        await play.write(play.parent(self.parent), self.text, self.twice)


@dataclass(frozen=True)
class Wait(Step):
    """Time passes."""

    seconds: int
    quiet = True

    async def take(self, play: Play) -> None:
        to = min(play.world.now + timedelta(seconds=self.seconds), LAST_MOMENT)
        if to > play.world.now:
            await play.house.move(to)
            play.world.move(to)


@dataclass(frozen=True)
class WaitUntil(Step):
    """Until just before, at, or just after one of the next things that fall due."""

    number: int
    offset: int
    quiet = True

    async def take(self, play: Play) -> None:
        now = play.world.now
        ends = [child.ends_at for child in play.world.children if child.ends_at]
        coming = sorted({due for due in [*play.world.due(), *ends] if due > now})
        if coming:
            instant = coming[self.number % len(coming)] + timedelta(seconds=self.offset)
            await Wait(max(0, int((instant - now).total_seconds()))).take(play)


@dataclass(frozen=True)
class LastMinute(Step):
    """An act is pressed seconds before its term ends."""

    child: int
    place: int
    seconds: int

    async def take(self, play: Play) -> None:
        child = play.child(self.child)
        if child.ends_at and child.ends_at < LAST_MOMENT:
            left = child.ends_at - play.world.now - timedelta(seconds=self.seconds)
            await Wait(max(0, int(left.total_seconds()))).take(play)
            await Press(self.child, 0, self.place, 0, 0, stranger=False, twice=False).take(play)


@dataclass(frozen=True)
class Restart(Step):
    """The house is closed, time passes, and it is opened again on the same records."""

    seconds: int
    quiet = True

    async def take(self, play: Play) -> None:
        to = min(play.world.now + timedelta(seconds=self.seconds), LAST_MOMENT)
        await play.house.close()
        play.house.clock.move(to)
        await play.house.open()
        play.world.sleep(to)


@dataclass(frozen=True)
class Again(Step):
    """Telegram delivers somebody's last update once more, however late."""

    parent: int

    async def take(self, play: Play) -> None:
        parent = play.parent(self.parent)
        await play.house.again(parent.id)
        play.again[parent.id]()


@dataclass(frozen=True)
class DeadGateway(Step):
    """The SMS gateway refuses the next messages."""

    times: int

    async def take(self, play: Play) -> None:
        await play.house.refuse_sms(self.times)
        play.world.gateway_refuses = self.times


@dataclass(frozen=True)
class Race(Step):
    """Parents who may choose, after being brought there, press for one place at one moment."""

    place: int

    async def take(self, play: Play) -> None:
        for parent in play.world.parents:
            child = _runner(play, parent)
            while child and child.status in ("in_queue", "awaiting_confirmation"):
                before = child.status
                await GoOn(play.world.children.index(child), self.place).take(play)
                if child.status == before:
                    break
        runners = [_runner(play, parent) for parent in play.world.parents]
        racers = [child for child in runners if child and "take_place" in child.may(play.world.now)]
        data = {c: f"pg:{c.id}:{c.version}:{self.place}" for c in racers}
        under = {c: (await play.house.messages(c.parent.id))[0]["message_id"] for c in racers}
        await asyncio.gather(*(play.house.press(c.parent.id, under[c], data[c]) for c in racers))
        holding = await play.house.holding()
        for child in sorted(racers, key=lambda c: c.id not in holding):  # who came first, got it
            play.mean_press(child.parent, data[child])


def _runner(play: Play, parent: Parent) -> Child | None:
    """The first child of a parent that may still come to choose a place."""
    theirs = [child for child in play.world.children if child.parent is parent]
    return next((c for c in theirs if c.status not in ("stop_list", "enrolled", "archived")), None)
