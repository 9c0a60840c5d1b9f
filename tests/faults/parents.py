"""What parents do, by plain rules and chance: they see their chat and their phone, and no more."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sandbox.acts import Act
from sandbox.desk import Desk
from sandbox.state import Message, Sms
from tests.faults.clock import SharedClock
from tests.faults.deals import Deal, Tap
from tests.faults.entering import enter, is_in
from tests.faults.telegram import Telegram
from tests.faults.town import Family

CODE = re.compile(r"\b([0-9]{6})\b")
LINK = "t.me/"
"""What only the SMS of a notice has."""
WAITS = timedelta(minutes=3)
"""How long a parent looks at the phone for a code."""
TAKEN = 120.0
"""Seconds in which an update must be taken, whatever happens and however busy the machine is."""
OTHERS = ("app", "count", "nums", "told", "code", "drop", "pl", "p", "pc", "pm", "j", "m", "ask")
"""Buttons that are pressed at random, by their prefix."""


@dataclass
class Parents:
    """All parents of a round, and what they did."""

    desk: Desk
    telegram: Telegram
    clock: SharedClock
    town: list[Family]
    taps: list[Tap] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    entries: list[Deal] = field(default_factory=list)
    unsigned: dict[int, Deal] = field(default_factory=dict)
    waiting: list[datetime] = field(default_factory=list)  # until when, of those who only wait

    async def stop(self, family: Family, kind: str, random: Random) -> None:
        """What a family does at a stop of the clock. Who is not in yet does nothing else."""
        if family.enters and not is_in(self, family):
            await asyncio.sleep(random.uniform(0, 0.4))
            await enter(self, family, random)
        if kind != "enter":
            await self._acts(family, kind, random)

    async def _acts(self, family: Family, kind: str, random: Random) -> None:
        waiting = self.unsigned.pop(family.id, None)
        looks = random.random() < (0.9 if kind == "last" else family.looks)
        if waiting is None and (kind == "night" or not looks):
            return
        await asyncio.sleep(random.uniform(0, 0.4))
        if waiting is not None:
            await self.type_code(waiting, random)
            return
        await getattr(self, f"_{family.mood}")(family, kind, random)

    async def _willing(self, family: Family, kind: str, random: Random) -> None:
        if self.newest(family, r"act:\d+:\d+:confirm_interest"):
            await self.act(family, "confirm_interest", random)
        elif self.newest(family, r"act:\d+:\d+:restore"):
            await self.act(family, "restore", random)
        elif self.newest(family, r"pl:"):
            await self._choose(family, random)
        elif random.random() < 0.2:
            await self._open(family, random)

    async def _late(self, family: Family, kind: str, random: Random) -> None:
        if kind == "last":
            await self._willing(family, kind, random)

    async def _absent(self, family: Family, kind: str, random: Random) -> None:
        if kind == "restore" and self.newest(family, r"act:\d+:\d+:restore"):
            await self.act(family, "restore", random)

    async def _refusing(self, family: Family, kind: str, random: Random) -> None:
        if await self.press(family, r"ask:\d+:\d+:refuse_voucher", random):
            await self.act(family, "refuse_voucher", random)

    async def _leaving(self, family: Family, kind: str, random: Random) -> None:
        await self._open(family, random)
        if await self.press(family, r"ask:\d+:\d+:remove_from_queue", random):
            await self.act(family, "remove_from_queue", random)

    async def _restless(self, family: Family, kind: str, random: Random) -> None:
        wish = random.randrange(7)
        if wish == 0:
            await self._forge(family, random)
        elif wish == 1:
            await self._any_button(family, random)
        elif wish == 2:
            await self._wrong_code(family, random)
        elif wish == 3:
            await self._hasty(family, random)
        elif wish == 4 and self.newest(family, r"pl:"):
            await self._step_back(family, random)
        elif wish == 5:
            self._telegram_errs(family, random)
        else:
            await self._willing(family, kind, random)

    async def _open(self, family: Family, random: Random) -> None:
        """To the application, through menu and journal."""
        await self.write(family, "/menu", random)
        if await self.press(family, r"j$|j:", random):
            await self.press(family, r"app:", random)

    async def _choose(self, family: Family, random: Random) -> None:
        """A row of the list, its card, the signing (R12-R14)."""
        for step in (r"pl:", r"p:", r"pc:"):
            if not await self.press(family, step, random):
                return
        await self._deal(family, r"pg:", random)

    async def _step_back(self, family: Family, random: Random) -> None:
        """Press the signing, leave it, and perhaps take it up again."""
        for step in (r"pl:", r"p:", r"pc:"):
            if not await self.press(family, step, random):
                return
        if await self.press(family, r"pg:", random):
            await self.press(family, r"drop:", random)

    async def _forge(self, family: Family, random: Random) -> None:
        """Press an act of somebody else's application, with its number and version guessed."""
        message = self._newest_message(family)
        other = random.choice(self.town)
        act = random.choice(("confirm_interest", "refuse_voucher", "remove_from_queue", "restore"))
        if message is not None and other is not family:
            data = f"act:{other.id}:{random.choice((1, 2, 2, 3))}:{act}"
            await self._pressed(family, message, data, random)

    async def _any_button(self, family: Family, random: Random) -> None:
        """Any button that stands anywhere in the chat, however old."""
        there = [
            (message, data)
            for message in self.desk.chats.of(family.id).messages.values()
            for data in _buttons(message)
            if data.split(":")[0] in OTHERS
        ]
        if there:
            message, data = random.choice(there)
            await self._pressed(family, message, data, random)

    async def _wrong_code(self, family: Family, random: Random) -> None:
        """An act is pressed, and digits are typed that never came; the right ones after them."""
        if not self.newest(family, r"act:\d+:\d+:(confirm_interest|restore)"):
            return
        known = len(self.codes(family))
        tap = await self.press(family, r"act:\d+:\d+:(confirm_interest|restore)", random)
        if tap and await self.came(family, known):
            right = [_digits(sms) for sms in self.codes(family)]
            wrong = next(d for d in ("111111", "222222", "333333") if d not in right)
            await self.write(family, wrong, random)

    async def _hasty(self, family: Family, random: Random) -> None:
        """Two different things at once; the first may arrive last."""
        shown = self.newest(family, r"act:\d+:\d+:(confirm_interest|restore)")
        if shown is None:
            return
        message, data = shown
        first = self._press(family, message, data, random, late=random.choice((0, 0.3)))
        second = self._write(family, "/menu", random)
        await self._are_taken(first, second)

    def _telegram_errs(self, family: Family, random: Random) -> None:
        """Some old update of theirs is brought once more."""
        theirs = [t.update for t in self.taps if t.family == family.id and t.update.taken.is_set()]
        if theirs:
            self.telegram.again(random.choice(theirs))

    async def act(self, family: Family, act: str, random: Random) -> None:
        """Press an act's newest button, and sign it."""
        await self._deal(family, rf"act:\d+:\d+:{act}", random)

    async def _deal(self, family: Family, button: str, random: Random) -> None:
        known = len(self.codes(family))
        tap = await self.press(family, button, random)
        if tap is None:
            return
        deal = Deal(family.id, tap)
        self.deals.append(deal)
        if await self.came(family, known):
            sms = self.codes(family)[-1]
            deal.code = _digits(sms), sms.at
            if family.mood == "late" and random.random() < 0.6:
                self.unsigned[family.id] = deal  # after midnight (D8)
            elif random.random() < 0.95:
                await self.type_code(deal, random)

    async def type_code(self, deal: Deal, random: Random) -> None:
        """Type the newest code that has come."""
        family = next(one for one in self.town if one.id == deal.family)
        sms = self.codes(family)[-1]
        deal.code = _digits(sms), sms.at
        deal.typed = await self.write(family, deal.code[0], random)

    async def press(self, family: Family, button: str, random: Random) -> Tap | None:
        """The newest button whose data begin so; None when there is none."""
        shown = self.newest(family, button)
        return None if shown is None else await self._pressed(family, *shown, random)

    async def _pressed(self, family: Family, message: Message, data: str, random: Random) -> Tap:
        tap = self._press(family, message, data, random)
        await self._are_taken(tap)
        return tap

    async def write(self, family: Family, text: str, random: Random) -> Tap:
        tap = self._write(family, text, random)
        await self._are_taken(tap)
        return tap

    def _press(
        self, family: Family, message: Message, data: str, random: Random, *, late: float = 0
    ) -> Tap:
        act = Act(self.desk, self.desk.state.people[family.id])
        act.press(message, data)
        return self._noted(family, data, act, random, late, is_press=True)

    def _write(self, family: Family, text: str, random: Random) -> Tap:
        act = Act(self.desk, self.desk.state.people[family.id])
        act.write(text)
        return self._noted(family, text, act, random, 0, is_press=False)

    def _noted(
        self, family: Family, what: str, act: Act, random: Random, late: float, *, is_press: bool
    ) -> Tap:
        twice = random.random() < (0.3 if family.mood == "restless" else 0.08)
        cut = random.uniform(0.005, 0.05) if random.random() < 0.08 else None
        number = self.desk.state.last_update_id
        update = self.telegram.order(number, twice=twice, cut=cut, late=late)
        tap = Tap(family.id, what, update, self.clock.now(), is_press)
        self.taps.append(tap)
        return tap

    async def _are_taken(self, *taps: Tap) -> None:
        with suppress(TimeoutError):  # it is counted as lost
            async with asyncio.timeout(TAKEN):
                for tap in taps:
                    await tap.update.taken.wait()

    async def came(self, family: Family, known: int) -> bool:
        """Wait for another code than those `known`."""
        until = self.clock.now() + WAITS
        self.waiting.append(until)
        while len(self.codes(family)) <= known and self.clock.now() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        self.waiting.remove(until)
        return len(self.codes(family)) > known

    def codes(self, family: Family) -> list[Sms]:
        """The codes that came to their phone, oldest first."""
        return [sms for sms in self.desk.carrier.to(family.phone) if LINK not in sms.text]

    def newest(self, family: Family, button: str) -> tuple[Message, str] | None:
        """The newest message with a button whose data begin so."""
        for message in reversed(self.desk.chats.of(family.id).messages.values()):
            for data in _buttons(message):
                if re.match(button, data):
                    return message, data
        return None

    def _newest_message(self, family: Family) -> Message | None:
        messages = self.desk.chats.of(family.id).messages.values()
        return next((message for message in reversed(messages) if message.from_bot), None)


def _buttons(message: Message) -> list[str]:
    rows = message.buttons if message.from_bot else ()
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


def _digits(sms: Sms) -> str:
    found = CODE.search(sms.text)
    assert found, "an SMS without a link has a code"
    return found[1]
