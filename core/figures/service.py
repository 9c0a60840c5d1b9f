"""The report for staff."""

from datetime import datetime

from core.db.engine import Database
from core.figures import days, statements
from core.figures.values import Report
from core.places.districts import DISTRICTS
from core.staff.rules import Member, NotAllowed, Right, require


class Figures:
    """Counts what the records say."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def report(self, by: Member | None, district: str | None, now: datetime) -> Report:
        """The numbers of a district, or of the region (None). `by` None is the operator of the
        service. Raises NotAllowed, for a district that there is not as for another's."""
        if by is not None:
            require(by, Right.FIGURES, district)
        if district not in {None, *DISTRICTS} or (by and district is None and by.district):
            raise NotAllowed
        async with self._db.read() as session:
            this_month, last_month = await statements.texts(session, district, now)
            happened = await days.happened(session, district, now)
            week, grew = days.week(happened)
            return Report(
                district=district,
                moment=now,
                categories=await statements.categories(session),
                queue=await statements.queue(session, district),
                left=await statements.left(session, district, now),
                answers=days.answers(happened),
                reached=await statements.reached(session, district, now),
                this_month=this_month,
                last_month=last_month,
                week=week,
                week_queue=grew,
            )
