"""A broadcast as staff and senders see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.broadcasts.rules import Audience, Content, Kind, Stage
from core.broadcasts.tables import BroadcastRecord


class NoSuchBroadcast(Exception):
    """There is none with that id, or it is another district's."""


class NotNow(Exception):
    """It does not stand where that could be done: somebody else was faster."""


@dataclass(frozen=True)
class Counted:
    """An audience, counted now: people, those of them with a chat, those whose chat has muted
    informational broadcasts, those who have blocked the bot; the chats by language (kk where none
    was chosen), those counted who would get it."""

    people: int
    chats: int
    muted: int
    blocked: int
    readers: Mapping[str, int]

    @property
    def recipients(self) -> int:
        """How many would get it."""
        return sum(self.readers.values())


@dataclass(frozen=True)
class Broadcast:
    """A broadcast. `shown`: chat and message of its progress; no message where something else is
    shown there by now."""

    id: int
    district: str | None
    corrects: int | None
    stage: Stage
    kind: Kind
    audience: Audience
    content: Content = field(repr=False)
    version: int
    starts_at: datetime | None
    recipients: int | None
    started_at: datetime | None
    ended_at: datetime | None
    shown: tuple[int, int | None] | None


@dataclass(frozen=True)
class Progress:
    """How far it is. `blocked`: the chat takes nothing; `failed`: refused, or in vain for too
    long; `left`: still to go; `pace`: messages a second of late. Of a recall: `recalled` deleted,
    `recalling` still to go, `kept` could not be deleted."""

    total: int
    sent: int
    seen: int
    blocked: int
    failed: int
    dropped: int
    left: int
    pace: float
    recalled: int
    recalling: int
    kept: int

    @property
    def handled(self) -> int:
        """How many need nothing more."""
        return self.total - self.left


def broadcast_of(record: BroadcastRecord) -> Broadcast:
    """The record as a value."""
    shown = None
    if record.shown_chat is not None:
        shown = record.shown_chat, record.shown_message
    return Broadcast(
        id=record.id,
        district=record.district,
        corrects=record.corrects,
        stage=Stage(record.stage),
        kind=Kind(record.kind),
        audience=Audience.of(record.audience),
        content=Content.of(record.content),
        version=record.version,
        starts_at=record.starts_at,
        recipients=record.recipients,
        started_at=record.started_at,
        ended_at=record.ended_at,
        shown=shown,
    )
