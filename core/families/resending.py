"""A notice once more, at the desk's wish: that of the running term, as it stands by then."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.changes import situation
from core.applications.rules import Event, Status, allowed
from core.applications.tables import ApplicationRecord
from core.clock import local
from core.families.values import CannotResend, Chat, Obstacle, Resent
from core.identity.rules import Phone
from core.notices import service as notices
from core.notices.plan import Channel, Lane, end_of_quiet, quiet
from core.notices.tables import NoticeRecord
from core.notices.values import State

PAUSE = timedelta(minutes=10)
"""Between two of the same way: a family is told, not pestered."""
NEEDS = {
    Status.AWAITING_CONFIRMATION: Event.CONFIRM_INTEREST,
    Status.VOUCHER_ISSUED: Event.TAKE_PLACE,
    Status.STOP_LIST: Event.RESTORE,
}
"""What the parent must be able to do about it."""
KINDS: Mapping[Channel, Mapping[Status, str]] = {
    Channel.TELEGRAM: {
        Status.AWAITING_CONFIRMATION: "voucher_issued",
        Status.VOUCHER_ISSUED: "reminder",
        Status.STOP_LIST: "confirmation_missed",
    },
    Channel.SMS: {
        Status.AWAITING_CONFIRMATION: "voucher_issued",
        Status.VOUCHER_ISSUED: "choose",
        Status.STOP_LIST: "confirmation_missed",
    },
}


def channels_of(
    record: ApplicationRecord, chat: Chat, phone: Phone | None, moment: datetime
) -> frozenset[Channel]:
    """By which ways the notice can go again, if not just now. `phone` None: no SMS can go."""
    if not _can_answer(record, moment):
        return frozenset()
    ways = {Channel.TELEGRAM: chat is Chat.OPEN, Channel.SMS: phone is not None}
    return frozenset(channel for channel, open_ in ways.items() if open_)


async def owe(
    session: AsyncSession,
    record: ApplicationRecord,
    channel: Channel,
    ways: frozenset[Channel],
    by: int,
    moment: datetime,
) -> Resent:
    """Owe the notice of a locked application once more; in the quiet hours it waits for their
    end. Raises CannotResend."""
    if not _can_answer(record, moment):
        raise CannotResend(Obstacle.NOTHING_TO_ANSWER)
    if channel not in ways:
        raise CannotResend(Obstacle.NO_WAY)
    at = end_of_quiet(moment) if quiet(moment) else moment
    assert record.ends_at is not None, "where something can be answered, a term runs"
    if at >= record.ends_at:
        raise CannotResend(Obstacle.TOO_LATE)
    if await _just_sent(session, record, channel, moment):
        raise CannotResend(Obstacle.JUST_SENT)
    series = notices.series_of(record.id, record.version)
    await notices.add(
        session,
        kind=_kind(record, channel, at),
        key=f"{_again(channel)}{series}:{moment:%Y%m%d%H%M%S}",
        iin=record.applicant_iin,
        moment=moment,
        details={"version": record.version, "asked_by": by},
        lane=Lane.VOUCHER,
        channel=channel,
        at=at,
        expires_at=record.ends_at,
        application_id=record.id,
        series=series,
    )
    return Resent(at, waits=at > moment)


def _can_answer(record: ApplicationRecord, moment: datetime) -> bool:
    needed = NEEDS.get(Status(record.status))
    return needed is not None and needed in allowed(situation(record), moment)


def _kind(record: ApplicationRecord, channel: Channel, at: datetime) -> str:
    """On its last day a term is reminded of in other words."""
    kind = KINDS[channel][Status(record.status)]
    last_day = date.fromisoformat((record.deadline or {})["last_day"])
    return "last_day" if kind == "reminder" and local(at).date() >= last_day else kind


def _again(channel: Channel) -> str:
    return f"again:{channel}:"


async def _just_sent(
    session: AsyncSession, record: ApplicationRecord, channel: Channel, moment: datetime
) -> bool:
    """Whether one has been asked for just now, or waits to go out."""
    found = select(NoticeRecord.id).where(
        NoticeRecord.application_id == record.id,
        NoticeRecord.channel == channel,
        NoticeRecord.key.startswith(_again(channel)),
        or_(
            NoticeRecord.created_at > moment - PAUSE,
            NoticeRecord.state.in_((State.PENDING, State.SENDING)),
        ),
    )
    return await session.scalar(found.limit(1)) is not None
