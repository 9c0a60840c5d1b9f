"""What can happen next: each step happens in the house and in the world of the rules alike."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from tests.model.game import Game, GuessedCode
from tests.model.people import number_of
from tests.model.rules import TAKING, Child, Parent, at

LAST_MOMENT = at(date(2026, 7, 25))
"""The 28 days on the stop list that may begin then still end within the wall calendar."""
KNOWN = frozenset(
    {"act", "ask", "app", "code", "count", "doc", "drop", "j", "m", "nums"}
    | {"p", "pc", "pf", "pg", "pl", "pm", "ps"}
)
"""Buttons that are pressed at random, by their prefix: not those that leave or change the
language, which have nothing to do with the rules."""

ACTS = ["confirm_interest", "refuse_voucher", "remove_from_queue", "restore", "take_place"]


@dataclass(frozen=True)
class Step:
    """Nothing happens. `quiet`: whatever the bot then sends is a notice."""

    quiet = False

    async def take(self, game: Game) -> None:
        """Do it."""


@dataclass(frozen=True)
class Voucher(Step):
    """The portal issues a voucher; `again`: its last event comes once more."""

    child: int
    again: bool
    quiet = True

    async def take(self, game: Game) -> None:
        game.events += not (self.again and game.events)
        child, event = game.child(self.child), f"event-{game.events}"
        status = await game.house.voucher(number_of(child), event)
        assert status == game.world.voucher(child, event)


@dataclass(frozen=True)
class Withdraw(Step):
    """Staff take a voucher back (D13); `older`: with a button of an older state."""

    child: int
    older: int
    quiet = True

    async def take(self, game: Game) -> None:
        child = game.child(self.child)
        version = max(1, child.version - self.older)
        done = await game.house.withdraw(child.id, version)
        assert done == game.world.withdraw(child, version)


@dataclass(frozen=True)
class GoOn(Step):
    """Whatever brings an application on: its voucher, or an act with its code."""

    child: int
    place: int

    async def take(self, game: Game) -> None:
        child = game.child(self.child)
        if child.status == "in_queue":
            await Voucher(self.child, again=False).take(game)
            return
        acts = sorted(child.may(game.world.now) - {"refuse_voucher", "remove_from_queue"})
        if child.status == "stop_list":
            acts = ["restore"]  # possible or not (D2)
        if acts:
            await game.do(child, acts[0], self.place)
            await game.enter(child.parent, "newest")


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

    async def take(self, game: Game) -> None:
        child = game.child(self.child)
        possible = sorted(child.may(game.world.now))
        kept = [act for act in possible if act not in ("refuse_voucher", "remove_from_queue")]
        acts = (kept[:1] if self.act < 7 else possible if self.act < 9 else ACTS) or ACTS
        act, version = acts[self.act % len(acts)], child.version - self.older
        data = f"act:{child.id}:{version}:{act}"
        if act in TAKING.values():
            data = f"pg:{child.id}:{version}:{self.place}"
        parent = game.parent(self.child + 1) if self.stranger else child.parent
        await game.press(parent, data, self.message, self.twice)


@dataclass(frozen=True)
class Tap(Step):
    """Any button that stands anywhere in a chat."""

    parent: int
    number: int
    twice: bool

    async def take(self, game: Game) -> None:
        parent = game.parent(self.parent)
        buttons = [
            (number, button["callback_data"])
            for number, message in enumerate(await game.house.messages(parent.id))
            for row in message["buttons"]
            for button in row
            if button.get("callback_data", "").split(":")[0] in KNOWN
        ]
        if buttons:
            number, data = buttons[self.number % len(buttons)]
            await game.press(parent, data, number, self.twice)


@dataclass(frozen=True)
class Around(Step):
    """The button for a new code, or the one that steps back."""

    parent: int
    prefix: Literal["code", "drop"]
    older: int
    twice: bool

    async def take(self, game: Game) -> None:
        parent = game.parent(self.parent)
        theirs = sorted(i for i, r in game.requests.items() if r.child.parent is parent)
        if theirs:
            number = theirs[-1 - self.older % len(theirs)]
            child = game.requests[number].child
            data = f"{self.prefix}:{child.id}:{child.version}:{number}"
            await game.press(parent, data, 0, self.twice)


@dataclass(frozen=True)
class Enter(Step):
    """A code is typed."""

    parent: int
    guessed: GuessedCode
    twice: bool

    async def take(self, game: Game) -> None:
        await game.enter(game.parent(self.parent), self.guessed, self.twice)


@dataclass(frozen=True)
class Write(Step):
    """Something else is typed."""

    parent: int
    text: str
    twice: bool

    async def take(self, game: Game) -> None:
        await game.write(game.parent(self.parent), self.text, self.twice)


@dataclass(frozen=True)
class Wait(Step):
    """Time passes."""

    seconds: int
    quiet = True

    async def take(self, game: Game) -> None:
        to = min(game.world.now + timedelta(seconds=self.seconds), LAST_MOMENT)
        if to > game.world.now:
            await game.house.move(to)
            game.world.move(to)


@dataclass(frozen=True)
class WaitUntil(Step):
    """Until just before, at, or just after one of the next things that fall due."""

    number: int
    offset: int
    quiet = True

    async def take(self, game: Game) -> None:
        now = game.world.now
        ends = [child.ends_at for child in game.world.children if child.ends_at]
        coming = sorted({due for due in [*game.world.due(), *ends] if due > now})
        if coming:
            instant = coming[self.number % len(coming)] + timedelta(seconds=self.offset)
            await Wait(max(0, int((instant - now).total_seconds()))).take(game)


@dataclass(frozen=True)
class LastMinute(Step):
    """An act is pressed seconds before its term ends."""

    child: int
    place: int
    seconds: int

    async def take(self, game: Game) -> None:
        child = game.child(self.child)
        if child.ends_at and child.ends_at < LAST_MOMENT:
            left = child.ends_at - game.world.now - timedelta(seconds=self.seconds)
            await Wait(max(0, int(left.total_seconds()))).take(game)
            await Press(self.child, 0, self.place, 0, 0, stranger=False, twice=False).take(game)


@dataclass(frozen=True)
class Restart(Step):
    """The house is closed, time passes, and it is opened again on the same records."""

    seconds: int
    quiet = True

    async def take(self, game: Game) -> None:
        to = min(game.world.now + timedelta(seconds=self.seconds), LAST_MOMENT)
        await game.house.close()
        game.house.clock.move(to)
        await game.house.open()
        game.world.sleep(to)


@dataclass(frozen=True)
class Again(Step):
    """Telegram delivers somebody's last update once more, however late."""

    parent: int

    async def take(self, game: Game) -> None:
        parent = game.parent(self.parent)
        await game.house.again(parent.id)
        game.again[parent.id]()


@dataclass(frozen=True)
class DeadGateway(Step):
    """The SMS gateway refuses the next messages."""

    times: int

    async def take(self, game: Game) -> None:
        await game.house.refuse_sms(self.times)
        game.world.gateway_refuses = self.times


@dataclass(frozen=True)
class Race(Step):
    """Parents who may choose, after being brought there, press for one place at one moment."""

    place: int

    async def take(self, game: Game) -> None:
        for parent in game.world.parents:
            child = _runner(game, parent)
            while child and child.status in ("in_queue", "awaiting_confirmation"):
                before = child.status
                await GoOn(game.world.children.index(child), self.place).take(game)
                if child.status == before:
                    break
        runners = [_runner(game, parent) for parent in game.world.parents]
        racers = [child for child in runners if child and "take_place" in child.may(game.world.now)]
        data = {c: f"pg:{c.id}:{c.version}:{self.place}" for c in racers}
        under = {c: (await game.house.messages(c.parent.id))[0]["message_id"] for c in racers}
        await asyncio.gather(*(game.house.press(c.parent.id, under[c], data[c]) for c in racers))
        holding = await game.house.holding()
        for child in sorted(racers, key=lambda c: c.id not in holding):  # who came first, got it
            game.mean_press(child.parent, data[child])


def _runner(game: Game, parent: Parent) -> Child | None:
    """The first child of a parent that may still come to choose a place."""
    theirs = [child for child in game.world.children if child.parent is parent]
    return next((c for c in theirs if c.status not in ("stop_list", "enrolled", "archived")), None)
