"""In which stage each child stands, and which number it has, as of a day: as SQL, so that the
whole queue is one statement."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Subquery, and_, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.rules import WAITING, Status
from core.applications.tables import ApplicationRecord, CategoryRecord
from core.queue.rules import AgeStage, born

ALIVE = [status.value for status in (*sorted(WAITING), Status.STOP_LIST)]
"""Whoever is on the stop list may come back, and then stands in the stage of their age."""
IN_LINE = [status.value for status in WAITING]


async def age_stages(session: AsyncSession) -> list[AgeStage]:
    """The stages that go by age."""
    rows = await session.execute(
        select(CategoryRecord.code, CategoryRecord.min_age).where(
            CategoryRecord.min_age.is_not(None)
        )
    )
    return [AgeStage(code, min_age) for code, min_age in rows if min_age is not None]


def stage_as_of(stages: Sequence[AgeStage], as_of: date) -> ColumnElement[str]:
    """The stage of an application on that day. A child with a privilege stays where it is, and so
    does one in a stage that does not go by age."""
    bands = born(stages, as_of)
    by_age = case(
        *(
            (ApplicationRecord.child_birth_date <= band.until, band.code)
            for band in bands
            if band.until is not None
        ),
        else_=bands[-1].code,
    )
    goes_by_age = and_(
        ApplicationRecord.privilege.is_(None),
        ApplicationRecord.category.in_([stage.code for stage in stages]),
    )
    return case((goes_by_age, by_age), else_=ApplicationRecord.category)


def renumbered(stage: ColumnElement[str]) -> Subquery:
    """Application id -> its number as it is, and as it is with these stages, for all in line."""

    def number(category: ColumnElement[str]) -> ColumnElement[int]:
        return func.row_number().over(
            partition_by=(ApplicationRecord.district, category),
            order_by=(ApplicationRecord.registered_at, ApplicationRecord.id),
        )

    return (
        select(
            ApplicationRecord.id.label("id"),
            number(ApplicationRecord.category.expression).label("old"),
            number(stage).label("new"),
        )
        .where(ApplicationRecord.status.in_(IN_LINE))
        .subquery()
    )
