"""What has served its purpose is deleted, in time; what has not is kept, however old."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from core.applications.rules import Event
from core.applications.service import Applications
from core.applications.tables import HistoryRecord
from core.clock import TravelClock
from core.codes.tables import CodeRecord
from core.db.base import Base
from core.db.engine import Database
from core.identity.rules import Iin, Phone
from core.login.tables import ConsentRecord, LoginAttemptRecord
from core.login.values import Person
from core.notices.tables import NoticeRecord
from core.retention import service
from core.retention.service import Kept, Retention
from core.signing.tables import SignatureRecord
from core.sms.tables import ReceiptRecord, SmsRecord
from tests import factories
from tests.integration.watch.records import notice, receipt, sms

DAY = timedelta(days=1)
PARENT = Person(id=1, iin=Iin(factories.iin(1)), full_name="Parent 1", phone=Phone("+77750000001"))
KEPT = Kept(notices=10, sms=10, receipts=10, logins=10, codes=10, imports=10)


@pytest.fixture
async def desk(database: Database, clock: TravelClock) -> factories.Desk:
    desk = await factories.desk(database, clock)
    await factories.parent(database, clock.now())
    await factories.application(database, clock.now())
    return desk


async def purge(desk: factories.Desk) -> dict[str, int]:
    """How many of each were deleted, without the zeros."""
    deleted = await Retention(KEPT).purge(desk.db, desk.clock.now())
    return {name: number for name, number in deleted.items() if number}


async def count(desk: factories.Desk, record: type[Base]) -> int:
    async with desk.db.read() as session:
        return await session.scalar(select(func.count()).select_from(record)) or 0


async def test_notices_that_are_old_and_over_go(desk: factories.Desk) -> None:
    now = desk.clock.now()
    old = now - 11 * DAY
    for state in ("sent", "seen", "cancelled", "expired", "failed", "undeliverable"):
        await notice(desk.db, old, state=state, due_at=None)
    kept = [
        await notice(desk.db, now - 9 * DAY, state="seen", due_at=None),  # young
        await notice(desk.db, old, state="pending"),  # on its way
        await notice(desk.db, old, state="sending"),
        await notice(desk.db, old, state="sent"),  # its buttons are to go
        await notice(desk.db, old, state="sent", due_at=None, series="s", expires_at=now + DAY),
    ]
    assert await purge(desk) == {"notices": 6}
    async with desk.db.read() as session:
        assert set(await session.scalars(select(NoticeRecord.id))) == set(kept)


async def test_what_an_application_was_told_stays_while_its_term_runs(
    desk: factories.Desk,
) -> None:
    """Someone on the stop list may ask why the voucher was missed."""
    now = desk.clock.now()
    applications = Applications(desk.db, desk.book)
    await applications.issue_voucher("ОДО.2026.1", actor="portal", moment=now)
    desk.clock.move(now + 14 * DAY)
    await desk.sweep.run(desk.clock.now())
    before = await count(desk, NoticeRecord)
    assert await purge(desk) == {}
    desk.clock.move(now + 60 * DAY)
    await desk.sweep.run(desk.clock.now())
    await purge(desk)
    assert await count(desk, NoticeRecord) < before


async def test_a_text_message_stays_as_long_as_the_notice_that_it_carried(
    desk: factories.Desk,
) -> None:
    now = desk.clock.now()
    carried = await sms(desk.db, now - 11 * DAY)
    await sms(desk.db, now - 11 * DAY)
    await notice(desk.db, now - 9 * DAY, channel="sms", state="sent", due_at=None, sms_id=carried)
    assert await purge(desk) == {"sms": 1}
    desk.clock.move(now + 2 * DAY)
    assert await purge(desk) == {"notices": 1, "sms": 1}


async def test_receipts_that_wait_for_their_message_are_kept(desk: factories.Desk) -> None:
    now = desk.clock.now()
    await receipt(desk.db, now - 11 * DAY, "1")
    await receipt(desk.db, now - 11 * DAY, "2", due_at=now)
    await receipt(desk.db, now - 9 * DAY, "3")
    assert await purge(desk) == {"receipts": 1}
    assert await count(desk, ReceiptRecord) == 2


async def test_codes_go_after_the_attempt_that_they_belong_to(desk: factories.Desk) -> None:
    now = desk.clock.now()
    async with desk.db.write() as session:
        for number, age in ((1, 11), (2, 9)):
            session.add(
                LoginAttemptRecord(
                    id=number,
                    chat_id=1,
                    iin=factories.iin(1),
                    phone="+77750000001",
                    known=True,
                    created_at=now - age * DAY,
                )
            )
        session.add(code(1, now - 11 * DAY))
        session.add(code(2, now - 11 * DAY))
        session.add(code(7, now - 11 * DAY, purpose="sign"))
        session.add(code(8, now - 11 * DAY, purpose="sign", retry_at=now))
    assert await purge(desk) == {"logins": 1, "codes": 2}


def code(target_id: int, created_at: Any, **more: Any) -> CodeRecord:
    usual = {
        "purpose": "login",
        "subject": "s",
        "trusted": False,
        "chat_id": 1,
        "target_id": target_id,
        "phone": "+77750000001",
        "language": "kk",
        "created_at": created_at,
    }
    return CodeRecord(**{**usual, **more})


async def test_history_signatures_and_consents_stay_for_ever(desk: factories.Desk) -> None:
    now = desk.clock.now()
    applications = Applications(desk.db, desk.book)
    async with desk.db.write() as session:
        session.add(ConsentRecord(chat_id=1, person_id=1, version="1", given_at=now))
    await applications.issue_voucher("ОДО.2026.1", actor="portal", moment=now)
    await desk.act(1, PARENT, Event.REFUSE_VOUCHER)
    forever = (HistoryRecord, SignatureRecord, ConsentRecord)
    before = [await count(desk, record) for record in forever]
    assert all(before)
    desk.clock.move(now + 4000 * DAY)
    await purge(desk)
    assert [await count(desk, record) for record in forever] == before
    assert [await count(desk, record) for record in (NoticeRecord, SmsRecord, CodeRecord)] == [
        0
    ] * 3


async def test_it_goes_on_until_all_is_gone_batch_by_batch(
    desk: factories.Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH", 3)
    for _ in range(7):
        await sms(desk.db, desk.clock.now() - 11 * DAY)
    assert await purge(desk) == {"sms": 7}
