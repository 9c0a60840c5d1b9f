"""One desk: its memory and its parts."""

from __future__ import annotations

import asyncio
from datetime import date

from sandbox.bot_link import BotLink
from sandbox.calls import Calls
from sandbox.carrier import Carrier
from sandbox.changes import Changes
from sandbox.chats import Chats, bot_user
from sandbox.citizens import enter_citizen
from sandbox.clock import DeskClock
from sandbox.faults import Faults
from sandbox.files import Files
from sandbox.pace import Pace
from sandbox.people import Person, new_iins, new_phones
from sandbox.persistence import load
from sandbox.receipts import Receipts
from sandbox.settings import DeskSettings
from sandbox.updates import Updates

BORN = date(1992, 5, 14)
"""When somebody was born of whom nothing is known."""


class Desk:
    """Built once per application; nothing of it is shared with another desk."""

    def __init__(self, settings: DeskSettings) -> None:
        path = settings.state_path
        self.settings = settings
        self.state = load(path)
        self.clock = DeskClock(self.state.clock or settings.start)
        self.changes = Changes(self.state)
        self.chats = Chats(self.state, self.changes, self.clock)
        self.files = Files(self.state, path.with_suffix(".files") if path else None)
        self.updates = Updates(self.state, self.clock)
        self.link = BotLink(settings)
        self.receipts = Receipts(settings, self.state, self.clock)
        self.carrier = Carrier(self.state, self.changes, self.clock, self.receipts)
        self.faults = Faults()
        self.calls = Calls()
        self.travelling = asyncio.Lock()
        self.pace = Pace(enforced=settings.enforce_pace, punish=settings.punish_seconds)
        self.bot = bot_user(settings.bot_token)
        self._iins, self._phones = new_iins(BORN), new_phones()
        self._taken: set[str] = set()
        self._last_id = max(self.state.people, default=0)
        for person in self.state.people.values():
            self._taken |= {person.iin, person.phone}
        for person in settings.people:
            if person.id not in self.state.people:
                self.seat(person, registered=True)

    def free_id(self) -> int:
        return self._last_id + 1

    def free_iin(self) -> str:
        """One that nobody at the desk has."""
        return next(iin for iin in self._iins if iin not in self._taken)

    def free_phone(self) -> str:
        """One that nobody at the desk has."""
        return next(phone for phone in self._phones if phone not in self._taken)

    def seat(self, person: Person, *, registered: bool, started: bool = False) -> None:
        """Adds a person to the desk, and to the citizens' base; `started`: the bot may write."""
        self.state.people[person.id] = person
        self._taken |= {person.iin, person.phone}
        self._last_id = max(self._last_id, person.id)
        self.chats.of(person.id).started |= started
        if registered:
            enter_citizen(self.state, person)
        self.changes.note("users")

    def close(self) -> None:
        """Lets every long poll go; call it before the server waits for its connections."""
        self.changes.close()
        self.updates.close()
