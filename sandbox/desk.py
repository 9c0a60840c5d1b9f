"""One desk: its memory and its parts."""

from __future__ import annotations

import asyncio

from sandbox.bot_link import BotLink
from sandbox.calls import Calls
from sandbox.changes import Changes
from sandbox.chats import Chats, bot_user
from sandbox.citizens import enter_citizen
from sandbox.clock import DeskClock
from sandbox.faults import Faults
from sandbox.files import Files
from sandbox.pace import Pace
from sandbox.people import Person
from sandbox.persistence import load
from sandbox.receipts import Receipts
from sandbox.settings import DeskSettings
from sandbox.updates import Updates


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
        self.receipts = Receipts(settings, self.clock)
        self.faults = Faults()
        self.calls = Calls()
        self.travelling = asyncio.Lock()
        self.pace = Pace() if settings.enforce_pace else None
        self.bot = bot_user(settings.bot_token)
        for person in settings.people:
            if person.id not in self.state.people:
                self.seat(person, registered=True)

    def seat(self, person: Person, *, registered: bool) -> None:
        """Adds a person to the desk, and to the citizens' base."""
        self.state.people[person.id] = person
        self.chats.of(person.id)
        if registered:
            enter_citizen(self.state, person)
        self.changes.note("users")

    def close(self) -> None:
        """Lets every long poll go; call it before the server waits for its connections."""
        self.changes.close()
        self.updates.close()
