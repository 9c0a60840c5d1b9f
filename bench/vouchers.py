"""Families with an issued voucher, by the thousand: made once, and made anew after each round."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import Table, delete, func, insert, null, select, update

from bench import databases
from bench.applications_file import WEIGHTS
from bench.bot import MORNING
from bench.families import BORN
from bot.maintenance import prepare_database
from core.applications.service import Applications
from core.applications.tables import ApplicationRecord, CategoryRecord, HistoryRecord
from core.calendar.service import CalendarBook
from core.clock import TravelClock
from core.codes.tables import CodeRecord
from core.db.engine import Database
from core.login.tables import ChatRecord, PersonRecord
from core.notices.tables import NoticeRecord
from core.signing.tables import SignatureRecord, SigningRequestRecord

VERSION = 2
"""Of every application, once its voucher is issued."""
CHANGED = ("status", "version", "deadline", "ends_at", "next_event_at", "missed", "restored_at")


class Vouchers:
    """`families` of them: person, chat and application have the same id, from 1."""

    def __init__(self, db: Database, families: int) -> None:
        self._db = db
        self._families = families
        self._application: dict[str, Any] = {}
        self._last_notice: int | None = None

    async def plant(self) -> None:
        """Into an empty database: one voucher is issued, the others are copies of it."""
        await prepare_database(self._db, TravelClock(MORNING, running=False))
        iins = _iins()
        async with self._db.write() as session:
            session.add(
                CategoryRecord(code="age3", position=1, name_kk="3", name_ru="3", name_en="3")
            )
            await session.flush()
            owned = [(number, next(iins)) for number in range(1, self._families + 1)]
            for record, row in ((PersonRecord, _person), (ChatRecord, _chat)):
                await session.execute(insert(record), [row(*one) for one in owned])
            await session.execute(insert(ApplicationRecord), [_application(*o) for o in owned])
        applications = Applications(self._db, CalendarBook(self._db))
        await applications.issue_voucher("B1", actor="portal", moment=MORNING)
        async with self._db.write() as session:
            first = select(*_table(ApplicationRecord).c).where(ApplicationRecord.id == 1)
            issued = (await session.execute(first)).mappings().one()
            nothing = null()  # None would be JSON's null where a column is JSON
            self._application = {n: nothing if issued[n] is None else issued[n] for n in CHANGED}
            found = await session.execute(select(*_table(NoticeRecord).c))
            notices = [dict(row) for row in found.mappings()]
            await session.execute(delete(NoticeRecord))
            copies = list(_copies(notices, owned))
            await session.execute(insert(NoticeRecord), copies)
            self._last_notice = await session.scalar(select(func.max(NoticeRecord.id)))
        await self.again()

    async def again(self) -> None:
        """As if nobody had answered yet; the notices of the vouchers themselves have been read."""
        pending = NoticeRecord.state != "seen"
        async with self._db.write() as session:
            for record in (SignatureRecord, SigningRequestRecord, CodeRecord, HistoryRecord):
                await session.execute(delete(record))
            await session.execute(delete(NoticeRecord).where(NoticeRecord.id > self._last_notice))
            await session.execute(
                update(NoticeRecord)
                .where(pending)
                .values(state="pending", because=None, due_at=NoticeRecord.planned_at)
                .values(ended_at=None, attempts=0)
            )
            await session.execute(update(ApplicationRecord).values(self._application))
            await session.execute(update(ChatRecord).values(awaiting=None, details=null()))
        await databases.tidy(self._db)


def _copies(
    notices: list[dict[str, Any]], owned: list[tuple[int, str]]
) -> Iterator[dict[str, Any]]:
    """The notices of the first voucher, for each of the families."""
    for number, iin in owned:
        for row in notices:
            copy = {name: value for name, value in row.items() if name != "id"}
            copy["series"] = row["series"].replace(":1:", f":{number}:")
            copy["key"] = row["key"].replace(row["series"], copy["series"])
            copy |= {"iin": iin, "application_id": number, "token": None}
            if row["due_at"] <= MORNING:
                copy |= {"state": "seen", "due_at": None, "chat_id": number, "message_id": 1}
                copy |= {"sent_at": MORNING, "seen_at": MORNING, "ended_at": MORNING}
            yield copy


def _table(record: Any) -> Table:
    table: Table = record.__table__
    return table


def _iins() -> Iterator[str]:
    """Valid ones, each another."""
    for number in count():
        digits = f"{80 + number // 9000 % 20:02d}05174{number % 9000:04d}"
        check = sum(w * int(d) for w, d in zip(WEIGHTS, digits, strict=True)) % 11
        if check < 10:
            yield f"{digits}{check}"


def _person(number: int, iin: str) -> dict[str, Any]:
    return {
        "id": number,
        "iin": iin,
        "full_name": "Parent",
        "birth_date": BORN,
        "phone": f"+7775{number:07d}",
        "created_at": MORNING,
    }


def _chat(number: int, iin: str) -> dict[str, Any]:
    return {
        "id": number,
        "language": "kk",
        "district": "kokshetau",
        "person_id": number,
        "linked_at": MORNING,
        "session_until": MORNING + timedelta(days=30),
        "created_at": MORNING,
    }


def _application(number: int, iin: str) -> dict[str, Any]:
    return {
        "id": number,
        "registration_number": f"B{number}",
        "registered_at": MORNING,
        "district": "kokshetau",
        "category": "age3",
        "applicant_iin": iin,
        "applicant_name": "Parent",
        "applicant_birth_date": BORN,
        "applicant_phone": f"+7775{number:07d}",
        "applicant_address": "Көкшетау",
        "child_iin": iin,
        "child_name": "Child",
        "child_given_name": "Child",
        "child_birth_date": BORN,
        "status": "in_queue",
        "version": 1,
    }
