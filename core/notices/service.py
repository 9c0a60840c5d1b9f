"""Owing notices: planned with the change that causes them, cancelled by the one that ends them."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NotRequired, TypedDict, Unpack

from sqlalchemy import ColumnElement, and_, bindparam, case, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.dml import ReturningUpdate

from core.db.among import among_given
from core.db.base import Instant
from core.db.engine import leave_work, run, run_many
from core.db.ready import Ready, insert
from core.notices.plan import Channel, Lane, Step
from core.notices.tables import NoticeRecord
from core.notices.values import OUT, State
from core.trace import current

WORK = "notices"
"""The work that a due notice leaves behind (`Database.on_work`)."""
KEPT = timedelta(days=30)
"""For how long a notice that serves no deadline is worth being read."""
TOKEN_BYTES = 9
"""Of the link in an SMS: 72 bits that nobody guesses."""


class Owed(TypedDict):
    """What `row` takes."""

    kind: str
    key: str
    iin: str
    moment: datetime
    details: dict[str, Any]
    lane: NotRequired[Lane]
    channel: NotRequired[Channel]
    at: NotRequired[datetime | None]
    expires_at: NotRequired[datetime | None]
    application_id: NotRequired[int | None]
    series: NotRequired[str | None]
    only_chat: NotRequired[int | None]


class OfATerm(TypedDict):
    """What `planned` takes: what all notices of a term have in common."""

    iin: str
    moment: datetime
    application_id: int
    series: str
    details: dict[str, Any]
    expires_at: datetime


def series_of(application_id: int, version: int) -> str:
    """The name of what an application's version owes: it is cancelled together."""
    return f"application:{application_id}:{version}"


def row(
    *,
    kind: str,
    key: str,
    iin: str,
    moment: datetime,
    details: dict[str, Any],
    lane: Lane = Lane.REMINDER,
    channel: Channel = Channel.TELEGRAM,
    at: datetime | None = None,
    expires_at: datetime | None = None,
    application_id: int | None = None,
    series: str | None = None,
    only_chat: int | None = None,
) -> dict[str, Any]:
    """The columns of a notice. `key` makes it one; it goes out at `at` (at once when None) and is
    pointless after `expires_at`."""
    return {
        "key": key,
        "kind": kind,
        "channel": channel.value,
        "lane": int(lane),
        "iin": iin,
        "application_id": application_id,
        "series": series,
        "only_chat": only_chat,
        "token": new_token() if channel is Channel.SMS else None,
        "details": details,
        "state": State.PENDING.value,
        "created_at": moment,
        "planned_at": at or moment,
        "due_at": at or moment,
        "expires_at": expires_at or moment + KEPT,
        "attempts": 0,
    }


def new_token() -> str:
    """Of the link in an SMS."""
    return secrets.token_urlsafe(TOKEN_BYTES)


async def add(session: AsyncSession, **columns: Unpack[Owed]) -> None:
    """Owe a notice (see `row`), inside the transaction of the change that causes it."""
    await owe(session, [row(**columns)], columns["moment"])


async def plan(session: AsyncSession, steps: Iterable[Step], **columns: Unpack[OfATerm]) -> None:
    """Owe all the notices of a term, each at its time."""
    await owe(session, planned(steps, **columns), columns["moment"])


def planned(steps: Iterable[Step], **columns: Unpack[OfATerm]) -> list[dict[str, Any]]:
    """The notices of a term, each at its time."""
    return [
        row(
            kind=step.kind,
            key=f"{step.kind}:{step.channel}:{columns['series']}:{step.at:%Y%m%d%H}",
            lane=step.lane,
            channel=step.channel,
            at=step.at,
            **columns,
        )
        for step in steps
    ]


OWED = insert(
    NoticeRecord,
    "key",
    "kind",
    "channel",
    "lane",
    "iin",
    "application_id",
    "series",
    "only_chat",
    "token",
    "details",
    "state",
    "created_at",
    "planned_at",
    "due_at",
    "expires_at",
    "attempts",
    "trace",
)


async def owe(session: AsyncSession, rows: list[dict[str, Any]], moment: datetime) -> None:
    """Written by one statement, however many: on SQLite each flushed record would be one. Whom
    nothing concerns yet is left asleep; the tick finds what has become due."""
    if rows:
        ready, given = owing(rows)
        await run_many(session, ready, given)
    leave(session, rows, (), moment)


def owing(rows: Sequence[dict[str, Any]]) -> tuple[Ready, list[dict[str, Any]]]:
    """The statement that writes such notices."""
    trace = current()
    return OWED, [{**row, "trace": trace} for row in rows]


def leave(
    session: AsyncSession, owed: Sequence[dict[str, Any]], ended: Sequence[Any], moment: datetime
) -> None:
    """Work, where one of the notices that are `owed` is due, or one that has `ended` (rows of
    `ending`) is to lose its buttons."""
    if any(row["due_at"] <= moment for row in owed) or any(row.due_at for row in ended):
        leave_work(session, WORK)


NOW = bindparam("moment", type_=Instant)
OVER = NoticeRecord.expires_at <= NOW
"""Nobody has answered."""
TO_COME = or_(
    NoticeRecord.state == State.PENDING,
    and_(NoticeRecord.channel == Channel.CALL, NoticeRecord.state == State.SENT),
)
UNDER_WAY = NoticeRecord.state == State.SENDING
STANDING = and_(
    NoticeRecord.message_id.is_not(None),
    NoticeRecord.ended_at.is_(None),
    NoticeRecord.state.in_(OUT),
)
ENDED = case((OVER, State.EXPIRED.value), else_=State.CANCELLED.value)


def _ending(these: ColumnElement[bool]) -> ReturningUpdate[datetime | None]:
    locked = (  # in the order in which a worker locks them: no deadlock
        select(NoticeRecord.id).where(these).order_by(NoticeRecord.id).with_for_update()
    )
    return (
        update(NoticeRecord)
        .where(NoticeRecord.id.in_(locked), or_(TO_COME, UNDER_WAY, STANDING))
        .values(
            state=case((TO_COME, ENDED), else_=NoticeRecord.state),
            because=case((OVER, "too_late"), else_="answered"),
            due_at=case((TO_COME, None), (STANDING, NOW), else_=NoticeRecord.due_at),
            ended_at=case((TO_COME, NOW), else_=NoticeRecord.ended_at),
            attempts=case((STANDING, 0), else_=NoticeRecord.attempts),
        )
        .returning(NoticeRecord.due_at)
        .execution_options(synchronize_session=False)
    )


CANCEL = Ready(_ending(NoticeRecord.series == bindparam("ending")))
CANCEL_MANY = _ending(among_given(NoticeRecord.series, "ending"))


async def cancel(session: AsyncSession, *series: str, moment: datetime) -> None:
    """The parent has answered, or the term has ended: what has not gone out stays here, and what
    has loses its buttons. One that is being sent just now is closed as soon as it is out."""
    if len(series) == 1:
        ready, [given] = ending(series[0], moment)
        ended = await run(session, ready, **given)
    else:
        asked = {"ending": series, "moment": moment}
        ended = list((await session.execute(CANCEL_MANY, asked)).all())
    leave(session, (), ended, moment)


def ending(series: str, moment: datetime) -> tuple[Ready, list[dict[str, Any]]]:
    """The statement that does so for one series; its rows are for `leave`."""
    return CANCEL, [{"ending": series, "moment": moment}]


async def wake(session: AsyncSession, iin: str, moment: datetime) -> None:
    """The person has a chat again: what they missed goes out at once, at any hour, as they are
    there just now.

    A worker may just be finding out that there is none: it has its notices locked until it has
    noted so, and only then can they be woken.
    """
    theirs = (
        NoticeRecord.iin == iin,
        NoticeRecord.channel == Channel.TELEGRAM,
        NoticeRecord.sent_at.is_(None),
    )
    await session.execute(
        select(NoticeRecord.id).where(*theirs).order_by(NoticeRecord.id).with_for_update()
    )
    await session.execute(
        update(NoticeRecord)
        .where(*theirs, NoticeRecord.state == State.UNDELIVERABLE, NoticeRecord.expires_at > moment)
        .values(state=State.PENDING, because=None, due_at=moment, lane=Lane.ANSWER, attempts=0)
        .execution_options(synchronize_session=False)
    )
    leave_work(session, WORK)
