"""What the database holds at the end of a round, as plain values, read by statements of our own."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Line:
    """A line of an application's history."""

    at: datetime
    event: str
    before: str
    after: str
    actor: str
    person: int | None
    place: int | None


STAY_ENDED = "stay_ended"
"""The line of a stay beside the application: it changes no status (D4)."""


@dataclass(frozen=True)
class Request:
    """An act that was put before a parent."""

    id: int
    application: int
    person: int
    act: str
    place: int | None
    pressed_at: datetime
    state: str


@dataclass(frozen=True)
class Signature:
    request: int
    application: int
    person: int
    act: str
    at: datetime


@dataclass(frozen=True)
class Stay:
    application: int
    place: int
    signed_at: datetime
    last_day: date
    ended_at: datetime | None
    ended_because: str | None


@dataclass
class Application:
    id: int
    status: str
    version: int
    ends_at: datetime | None
    last_day: date | None
    restored: bool
    place: int | None
    registered_at: datetime
    history: list[Line] = field(default_factory=list)

    @property
    def changes(self) -> list[Line]:
        """The lines that changed its status."""
        return [line for line in self.history if line.event != STAY_ENDED]


@dataclass(frozen=True)
class Records:
    """All of a round. `free`: by place; `held`: application -> place; `used`: the requests for
    which a code was used, one for each code; `entered`: person -> when a chat was linked to them
    last."""

    applications: dict[int, Application]
    requests: dict[int, Request]
    signatures: list[Signature]
    stays: list[Stay]
    free: dict[int, int]
    held: dict[int, int]
    used: list[int]
    entered: dict[int, datetime]
    under_way: int
    notices: int
    owed: list[tuple[int, datetime, str]] = field(default_factory=list)
    """Each notice: the application, when it was to go out, and what became of it."""


OWED = """SELECT application_id, planned_at, concat_ws(' ', kind, 'by', channel, 'is', state,
    because, 'tries', attempts, 'sent', sent_at, 'seen', seen_at, 'due', due_at) AS told
    FROM notices WHERE application_id IS NOT NULL"""


async def read(connection: Any) -> Records:
    """Everything, in a few statements."""
    rows = await connection.fetch("SELECT * FROM applications ORDER BY id")
    applications = {row["id"]: _application(row) for row in rows}
    for row in await connection.fetch("SELECT * FROM application_history ORDER BY id"):
        applications[row["application_id"]].history.append(_line(row))
    requests = await connection.fetch("SELECT * FROM signing_requests")
    signatures = await connection.fetch("SELECT * FROM signatures ORDER BY id")
    stays = await connection.fetch("SELECT * FROM temporary_stays")
    places = await connection.fetch("SELECT id, free FROM places")
    holds = await connection.fetch("SELECT application_id, place_id FROM holds")
    used = await connection.fetch(
        "SELECT target_id FROM codes WHERE purpose = 'sign' AND used_at IS NOT NULL"
    )
    chats = await connection.fetch(
        "SELECT person_id, linked_at FROM chats WHERE person_id IS NOT NULL"
    )
    owed = await connection.fetch(OWED)
    return Records(
        applications=applications,
        requests={row["id"]: _request(row) for row in requests},
        signatures=[_signature(row) for row in signatures],
        stays=[_stay(row) for row in stays],
        free={row["id"]: row["free"] for row in places},
        held={row["application_id"]: row["place_id"] for row in holds},
        used=[row["target_id"] for row in used],
        entered={row["person_id"]: row["linked_at"] for row in chats},
        under_way=await connection.fetchval("SELECT count(*) FROM notices WHERE state = 'sending'"),
        notices=await connection.fetchval("SELECT count(*) FROM notices"),
        owed=[(row["application_id"], row["planned_at"], row["told"]) for row in owed],
    )


async def recorded(connection: Any) -> tuple[set[tuple[int, int]], set[int]]:
    """The messages, and the text messages, of which a record says that they carried a notice."""
    sent = await connection.fetch(
        "SELECT chat_id, message_id FROM notices WHERE message_id IS NOT NULL"
    )
    texted = await connection.fetch("SELECT sms_id FROM notices WHERE sms_id IS NOT NULL")
    return {(row["chat_id"], row["message_id"]) for row in sent}, {row["sms_id"] for row in texted}


def _application(row: Any) -> Application:
    deadline = json.loads(row["deadline"]) if row["deadline"] else None
    return Application(
        id=row["id"],
        status=row["status"],
        version=row["version"],
        ends_at=row["ends_at"],
        last_day=date.fromisoformat(deadline["last_day"]) if deadline else None,
        restored=row["restored_at"] is not None,
        place=row["place_id"],
        registered_at=row["registered_at"],
    )


def _line(row: Any) -> Line:
    return Line(
        at=row["at"],
        event=row["event"],
        before=row["from_status"],
        after=row["to_status"],
        actor=row["actor"],
        person=row["person_id"],
        place=json.loads(row["details"]).get("place_id"),
    )


def _request(row: Any) -> Request:
    return Request(
        id=row["id"],
        application=row["application_id"],
        person=row["person_id"],
        act=row["act"],
        place=json.loads(row["facts"]).get("place_id"),
        pressed_at=row["pressed_at"],
        state=row["state"],
    )


def _signature(row: Any) -> Signature:
    return Signature(
        request=row["request_id"],
        application=row["application_id"],
        person=row["person_id"],
        act=row["act"],
        at=row["signed_at"],
    )


def _stay(row: Any) -> Stay:
    return Stay(
        application=row["application_id"],
        place=row["place_id"],
        signed_at=row["signed_at"],
        last_day=row["last_day"],
        ended_at=row["ended_at"],
        ended_because=row["ended_because"],
    )
