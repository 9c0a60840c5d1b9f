"""All is stopped over a midnight, and it costs no child its place (D18)."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.applications.tables import ApplicationRecord, HistoryRecord
from core.audit.tables import AuditRecord
from core.clock import ALMATY, TravelClock
from core.notices.tables import NoticeRecord
from core.services import Core
from locales.texts import mark
from seed.people import AINUR, START
from tests.e2e import ways
from tests.e2e.conftest import serve
from tests.e2e.player import Desk
from tests.integration.vouchers.queues import waiting

STARTED = datetime(2026, 4, 10, 0, 40, tzinfo=ALMATY)
TOUCHED, OTHERS = range(3000, 3006), range(3100, 3103)
"""Families whose vouchers are to be confirmed until the end of 9 April, and of 10 April."""
HERS = "ОДО.2026.248"
EXTENDED = mark("🕗 <b>The term is extended:</b> {child}, {number}")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: extending is tested on both."""
    return sqlite_url


async def test_what_was_down_over_a_midnight_costs_no_child_its_place(
    database_url: str, tmp_path: Path
) -> None:
    async with serve(tmp_path, database_url, TravelClock(START, running=False)) as desk:
        await ways.enter(desk.player(AINUR.id))
        await desk.voucher(HERS)
        await vouchers(desk, TOUCHED)
        await desk.travel("2026-04-08T11:30")
        await vouchers(desk, OTHERS)
        await desk.travel("2026-04-09T22:30")  # that the desk leapt here is no outage
    async with serve(tmp_path, database_url, TravelClock(STARTED, running=False)) as desk:
        core = core_of(desk)
        assert await standing(core, [HERS, *map(number_of, TOUCHED)]) == {
            ("awaiting_confirmation", "2026-04-10", 1)
        }
        assert await standing(core, [*map(number_of, OTHERS)]) == {
            ("awaiting_confirmation", "2026-04-10", 0)
        }
        await desk.travel("2026-04-10T12:00")
        await told_and_audited(core)
        ainur = desk.player(AINUR.id)
        headline = ainur.t(EXTENDED, child="", number="").striptags().split(":")[0]
        assert sum(headline in message["text"] for message in await ainur.chat()) == 1
        await ways.confirm(ainur)
        assert await standing(core, [HERS]) == {("voucher_issued", "2026-04-17", 1)}
        await desk.travel("2026-04-11T00:00")  # not one of them lost the new day either
        assert await standing(core, [*map(number_of, TOUCHED)]) == {("stop_list", "2026-05-08", 1)}


def core_of(desk: Desk) -> Core:
    assert desk.app is not None
    core: Core = desk.app.state.house.core
    return core


def number_of(family: int) -> str:
    return f"ОДО.2026.{family}"


async def vouchers(desk: Desk, families: range) -> None:
    core = core_of(desk)
    async with core.db.write() as session:
        for n in families:
            session.add(waiting(n, START - timedelta(days=n), stage="out_of_turn"))
    for family in families:
        await core.applications.issue_voucher(
            number_of(family), actor="operator", moment=core.clock.now()
        )


async def standing(core: Core, numbers: list[str]) -> set[tuple[str, str, int]]:
    """How these applications stand: status, last day, and how often their terms were extended."""
    ours = ApplicationRecord.registration_number.in_(numbers)
    async with core.db.read() as session:
        records = list(await session.scalars(select(ApplicationRecord).where(ours)))
        assert len(records) == len(numbers)
        lines = await session.scalars(
            select(HistoryRecord.application_id).where(HistoryRecord.event == "term_extended")
        )
        times = Counter(lines)
    return {(r.status, (r.deadline or {})["last_day"], times[r.id]) for r in records}


async def told_and_audited(core: Core) -> None:
    """One notice for each family, one entry for the outage."""
    async with core.db.read() as session:
        notices = list(
            await session.scalars(
                select(NoticeRecord).where(
                    NoticeRecord.kind == "term_extended", NoticeRecord.channel == "telegram"
                )
            )
        )
        [entry] = await session.scalars(
            select(AuditRecord).where(AuditRecord.act == "terms_extended")
        )
    told = {notice.application_id for notice in notices}
    assert len(notices) == len(told) == len(TOUCHED) + 1
    assert set(entry.subjects["application"]) == told
    assert {n.state for n in notices} <= {"sent", "seen", "undeliverable"}
