"""Fifty vouchers through the desk's own interface, as an operator and the families see it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.applications.tables import ApplicationRecord
from core.notices.tables import NoticeRecord
from seed.people import AINUR, SAULE, START
from tests.e2e.player import Desk
from tests.e2e.ways import enter
from tests.integration.vouchers.queues import waiting

FAMILIES, FIRST = 60, 3000


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: the distribution itself is tested on both."""
    return sqlite_url


async def test_an_operator_distributes_fifty_vouchers_at_the_desk(desk: Desk) -> None:
    assert desk.app is not None
    core = desk.app.state.house.core
    async with core.db.write() as session:
        session.add_all(
            waiting(
                FIRST + n, START - timedelta(days=700) + timedelta(hours=n), stage="out_of_turn"
            )
            for n in range(FAMILIES)
        )
    saule, ainur = desk.player(SAULE.id), desk.player(AINUR.id)
    await enter(ainur)
    await enter(saule)
    await saule.say("/vouchers")
    await saule.press("Distribute")
    await saule.press_label("50")
    *_, question, file = await saule.chat()
    assert saule.t.plain("cannot be reached: {number}", number=0) in question["text"]
    assert file["document"]
    await saule.say("50")
    done = saule.t("✅ <b>Vouchers issued: {done} of {number}</b>", done=50, number=50)
    assert str(done.striptags()) in await saule.screen()
    async with core.db.read() as session:
        numbers = await session.scalars(
            select(ApplicationRecord.registration_number)
            .where(ApplicationRecord.status == "awaiting_confirmation")
            .join(NoticeRecord, NoticeRecord.application_id == ApplicationRecord.id)
            .where(NoticeRecord.kind == "voucher_issued", NoticeRecord.channel == "telegram")
            .where(NoticeRecord.created_at >= START)
        )
        assert sorted(numbers) == [f"ОДО.2026.{FIRST + n}" for n in range(50)]
