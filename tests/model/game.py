"""House and world beside each other: what is done to the one is said to the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from tests.model.house import RealHouse
from tests.model.rules import TAKING, Child, Code, Parent, Request
from tests.model.world import World

GuessedCode = Literal["newest", "older", "wrong"]


@dataclass
class Game:
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
        def happen() -> None:
            self.world.tap(parent)
            meaning()

        self.again[parent.id] = happen
        happen()

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
        elif prefix == "ps" and "take_place" in child.may(world.now):
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
        self.world.enter(parent, guess, key)

    async def do(self, child: Child, act: str, place: int) -> None:
        """Press an act in its newest state."""
        data = f"act:{child.id}:{child.version}:{act}"
        if act in TAKING.values():
            data = f"pg:{child.id}:{child.version}:{place}"
        await self.press(child.parent, data, 0, False)
