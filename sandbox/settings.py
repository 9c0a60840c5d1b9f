"""What the desk is told when it is built."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sandbox.people import Person


@dataclass(frozen=True, kw_only=True)
class DeskSettings:
    """Addresses, secrets and people of one desk.

    `bot_url` is where the bot's desk routes and `/portal/events` are, without a final slash.
    `start` is the aware instant that the clock shows before the bot has told its own.
    `smsc_secret` and `mobizon_secret` stand in the addresses of receipts, and sign them.
    `enforce_pace` refuses what is over Telegram's limits; after such a call everything is refused
    for `punish_seconds`.
    `patience` is how many seconds an act waits for the bot before it answers 504.
    """

    bot_url: str
    desk_secret: str
    portal_secret: str
    bot_token: str
    start: datetime
    people: tuple[Person, ...] = ()
    state_path: Path | None = None
    smsc_login: str = "desk"
    smsc_password: str = "desk"
    smsc_secret: str = "desk"
    mobizon_key: str = "desk"
    mobizon_secret: str = "desk"
    enforce_pace: bool = False
    punish_seconds: float = 0
    patience: float = 60.0
