"""Correcting the phone of an application: where text messages and calls go, never codes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, case, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.tables import ApplicationRecord
from core.db.engine import leave_work
from core.families.finding import scope
from core.identity.rules import Phone
from core.notices import service as notices
from core.notices.plan import Channel
from core.notices.readers import series_seen
from core.notices.tables import NoticeRecord
from core.notices.values import State
from core.staff.rules import Member


async def line_up(session: AsyncSession, application_id: int) -> None:
    """Hold all applications of that applicant, in one order for everybody: of two corrections at
    once the second waits, and neither waits for the other for ever."""
    theirs = select(ApplicationRecord.applicant_iin).where(ApplicationRecord.id == application_id)
    await session.execute(
        select(ApplicationRecord.id)
        .where(ApplicationRecord.applicant_iin == theirs.scalar_subquery())
        .order_by(ApplicationRecord.id)
        .with_for_update()
    )


async def correct(
    session: AsyncSession,
    member: Member,
    record: ApplicationRecord,
    phone: Phone,
    moment: datetime,
) -> list[int]:
    """Put `phone` in the place of the old one: in this application, and in the applicant's other
    ones that have the same, inside the member's district. Their ids.

    What did not arrive for the number's sake goes out again.
    """
    same = (
        await session.scalars(
            select(ApplicationRecord)
            .where(
                ApplicationRecord.applicant_iin == record.applicant_iin,
                ApplicationRecord.applicant_phone == record.applicant_phone,
                *scope(member),
            )
            .order_by(ApplicationRecord.id)
            .with_for_update()
        )
    ).all()
    for one in same:
        one.applicant_phone, one.phone_corrected_at = phone.value, moment
    await _try_again(session, [notices.series_of(one.id, one.version) for one in same], moment)
    return [one.id for one in same]


async def _try_again(session: AsyncSession, series: Sequence[str], moment: datetime) -> None:
    """The text messages that could not be delivered, and the calls that met a wrong number: while
    their term runs and nothing has been seen."""
    waiting = (
        select(NoticeRecord)
        .where(
            NoticeRecord.series.in_(series),
            NoticeRecord.channel.in_((Channel.SMS, Channel.CALL)),
        )
        .order_by(NoticeRecord.id)
        .with_for_update()
    )
    theirs = (await session.scalars(waiting)).all()
    seen = await series_seen(session, theirs)
    open_ = [one.series for one in theirs if one.series not in seen]
    lost_sms = and_(
        NoticeRecord.channel == Channel.SMS,
        NoticeRecord.because.in_(("no_phone", "undelivered")),
    )
    lost_call = and_(NoticeRecord.channel == Channel.CALL, NoticeRecord.because == "wrong_number")
    by_sms = NoticeRecord.channel == Channel.SMS
    await session.execute(
        update(NoticeRecord)
        .where(
            NoticeRecord.series.in_(open_),
            NoticeRecord.state == State.UNDELIVERABLE,
            NoticeRecord.expires_at > moment,
            or_(lost_sms, lost_call),
        )
        .values(
            state=case((by_sms, State.PENDING.value), else_=State.SENT.value),
            due_at=case((by_sms, moment), else_=None),
            sent_at=case((by_sms, None), else_=NoticeRecord.sent_at),
            sms_id=None,
            because=None,
            attempts=0,
        )
        .execution_options(synchronize_session=False)
    )
    leave_work(session, notices.WORK)
