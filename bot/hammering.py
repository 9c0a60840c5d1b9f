"""One person's taps and their pace: which are handled, which wait, and which only repeat."""

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from bot.outgoing.pace import CHAT_BURST
from locales.texts import Texts

MOST_WAITING = 20
"""Updates of one person that wait for their turn; Telegram's webhook brings two at most."""


class Fate(Enum):
    """What becomes of an update: it is handled, at once or later; it only repeats the newest press;
    or it is not taken, as too many wait already."""

    HANDLED = "handled"
    LATER = "later"
    REPEATS = "repeats"
    TOO_MANY = "too many"


Button = tuple[int, str]
"""The message and the callback data of a press."""


@dataclass(slots=True)
class Person:
    """What is remembered of somebody who taps. `calm_at`: seconds of the clock at which they are
    as if they had not tapped; `told`: of what, until then; `in_hand`: updates that wait or are
    being handled; `answered_at`: when the newest was, or a repeat of it."""

    calm_at: float
    t: Texts | None = None
    told: set[Fate] = field(default_factory=set)
    newest: tuple[int, Button | None] = (0, None)
    in_hand: set[int] = field(default_factory=set)
    answered_at: float = -math.inf


@dataclass(frozen=True, slots=True)
class Verdict:
    """`wait`: seconds, of what is handled later."""

    fate: Fate
    wait: float = 0


class Hammering:
    """A person may tap as often as their chat can be answered: a burst, then `per_second`.

    What is dropped: a press of the same button under the same message as the person's newest,
    while that one is in hand, right after it was answered (Telegram keeps a queue of them, and
    nobody has read the answer yet), or above the pace. It would do what the other does; a press of
    anything else in between makes it a new one. Everything else is handled: above the pace later,
    in its order. The same update, brought again, is the same update.
    """

    def __init__(self, per_second: float, now: Callable[[], float]) -> None:
        self._step = 1 / per_second
        self._now = now
        self._people: OrderedDict[int, Person] = OrderedDict()

    def person(self, person_id: int) -> Person:
        """What is known; of those who have been calm for a while nothing is kept."""
        now = self._now()
        while self._people:
            oldest, known = next(iter(self._people.items()))
            if known.in_hand or max(known.calm_at, known.answered_at + self._step) > now:
                break
            del self._people[oldest]
        person = self._people.setdefault(person_id, Person(now))
        self._people.move_to_end(person_id)
        return person

    def judge(self, person: Person, update_id: int, button: Button | None) -> Verdict:
        """What is to become of an update that has just come."""
        newest_id, newest = person.newest
        if update_id == newest_id or update_id in person.in_hand:
            return Verdict(Fate.HANDLED)
        wait = person.calm_at - (CHAT_BURST - 1) * self._step - self._now()
        soon = newest_id in person.in_hand or self._now() < person.answered_at + self._step
        if button is not None and button == newest and (soon or wait > 0):
            return Verdict(Fate.REPEATS)
        if wait <= 0:
            return Verdict(Fate.HANDLED)
        if len(person.in_hand) >= MOST_WAITING:
            return Verdict(Fate.TOO_MANY)
        return Verdict(Fate.LATER, wait)

    def take(self, person: Person, update_id: int, button: Button | None) -> None:
        """It will be handled: it counts, and becomes the newest."""
        if update_id != person.newest[0] and update_id not in person.in_hand:
            person.calm_at = max(person.calm_at, self._now()) + self._step
            person.newest = update_id, button
        person.in_hand.add(update_id)

    def answered(self, person: Person, update_id: int) -> None:
        """It is no longer in hand, or it was dropped as a repeat."""
        person.in_hand.discard(update_id)
        person.answered_at = self._now()
