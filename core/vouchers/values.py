"""What the desk sees of vouchers: how many can be issued, to whom, and how far it has come."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.named import Named


class NoSuchDistribution(Exception):
    """There is no such dry run of this member, or it has been started already."""


class Reason(StrEnum):
    """Why a voucher is withdrawn (D13); the parent is told."""

    OUT_OF_TURN = "out_of_turn"
    WRONG_DATA = "wrong_data"
    NO_PLACE = "no_place"
    TECHNICAL = "technical"


class Reach(StrEnum):
    """How a family can be told: in a chat, by phone only, or not at all."""

    CHAT = "chat"
    PHONE = "phone"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Room:
    """How many vouchers a district has room for. `free`: its general places that nobody has
    signed for; `outstanding`: vouchers that wait for an answer or a choice; `queued`: children in
    the queue."""

    district: str
    free: int
    outstanding: int
    queued: int

    @property
    def places(self) -> int:
        """Free places that no voucher is out for: never below zero."""
        return max(0, self.free - self.outstanding)

    @property
    def issuable(self) -> int:
        """How many vouchers can be issued."""
        return min(self.places, self.queued)


@dataclass(frozen=True)
class Turn:
    """An application whose turn it is, as the file of a dry run shows it."""

    application_id: int
    district: str
    category: Named
    registration_number: str
    registered_at: datetime
    child: str = field(repr=False)
    applicant: str = field(repr=False)
    phone: str = field(repr=False)
    reach: Reach


@dataclass(frozen=True)
class DryRun:
    """Who would get a voucher now, in the order of the queue. `district` None: the region."""

    id: int
    district: str | None
    turns: tuple[Turn, ...]

    @property
    def number(self) -> int:
        """How many vouchers."""
        return len(self.turns)

    @property
    def by_reach(self) -> Counter[Reach]:
        """How many of them can be told how."""
        return Counter(turn.reach for turn in self.turns)

    @property
    def by_category(self) -> Counter[Named]:
        """How many of each queue stage, in the order of the stages."""
        return Counter(turn.category for turn in self.turns)


class State(StrEnum):
    """The life of a distribution. FAILED: stopped by an error; what is issued is issued."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Progress:
    """How far a distribution has come. `number`: how many were asked for; `others`: how many of
    those issued went to applications that the dry run did not have. `chat_id` and `message_id`:
    where it is told."""

    id: int
    state: State
    district: str | None
    number: int
    issued: int
    others: int
    chat_id: int | None
    message_id: int | None
