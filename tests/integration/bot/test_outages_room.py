"""The outages' room of the desk, as an administrator goes through it (D18)."""

from datetime import datetime

import pytest
from sqlalchemy import select

from bot.keyboards.staff.base import back_to_desk
from bot.keyboards.staff.family import FamilyHistoryButton
from bot.screens import words
from bot.screens.staff import outages as screens
from bot.screens.staff.desk import wrong_number
from core.applications.rules import Event
from core.applications.tables import ApplicationRecord
from core.audit.tables import AuditRecord
from core.clock import ALMATY
from core.identity.rules import Iin
from core.outages.rules import Cause, Problem, Reason, Span
from core.staff.rules import Role
from core.sweep import Sweep
from locales.texts import texts
from tests import factories
from tests.integration.bot.conftest import IIN, Parent
from tests.integration.bot.test_vouchers_room import sheet

KK = texts("kk")
LAST_HOURS = datetime(2026, 4, 9, 22, 15, tzinfo=ALMATY)
NEXT_MORNING = datetime(2026, 4, 10, 10, 0, tzinfo=ALMATY)


@pytest.fixture
async def administrator(parent: Parent) -> Parent:
    """In the chat on 10 April, when two families have missed the 9th."""
    core, now = parent.core, parent.core.clock.now()
    for number in (101, 102):
        await factories.application(parent.desk.db, now, number)
        await core.applications.issue_voucher(f"ОДО.2026.{number}", actor="portal", moment=now)
    parent.desk.clock.move(NEXT_MORNING)
    await Sweep(parent.desk.db, parent.desk.book).run(NEXT_MORNING)
    await parent.enter()
    await core.staff.grant(Iin(IIN), Role.ADMINISTRATOR, None, by=None, moment=now)
    await parent.say("/desk")
    await parent.tap(KK.plain("Outages"))
    return parent


async def statuses(parent: Parent) -> list[str]:
    async with parent.desk.db.read() as session:
        return list(await session.scalars(select(ApplicationRecord.status)))


async def test_an_administrator_declares_that_telegram_was_down(administrator: Parent) -> None:
    await administrator.tap(KK.plain("Telegram was down"))
    await administrator.tap(KK.plain("It was announced"))
    await administrator.say("кеше кешке")
    assert await administrator.seen() == screens.not_a_span(KK).text
    await administrator.say("10.04.2026 09:00 – 11:00")
    assert await administrator.seen() == screens.refused(Problem.TO_COME, KK).text
    await administrator.say("09.04.2026 12:00 – 13:00")
    assert "09.04.2026, 12:00 – 13:00" in await administrator.seen()
    await administrator.say("09.04.2026 22:15 – 23:30")
    asked = KK("Terms that are extended: <b>{number}</b>", number=2)
    assert str(asked) in await administrator.seen()
    await administrator.say("3")
    assert await administrator.seen() == wrong_number(2, KK, back_to_desk(KK)).text
    assert set(await statuses(administrator)) == {"stop_list"}
    await administrator.say("2")
    assert await administrator.seen() == screens.declared(KK).text
    await administrator.core.outages.judge(administrator.core.clock.now())  # the worker's work
    assert set(await statuses(administrator)) == {"awaiting_confirmation"}
    await administrator.tap(KK.plain("Outages"))
    shown = await administrator.seen()
    assert "09.04.2026, 22:15 – 23:30" in shown
    async with administrator.desk.db.read() as session:
        acts = list(await session.scalars(select(AuditRecord.act).order_by(AuditRecord.id)))
    assert acts[-2:] == ["outage_declared", "terms_extended"]


async def test_staff_read_that_a_miss_was_taken_back_for_an_outage(administrator: Parent) -> None:
    """As parents do: nobody has pressed in time."""
    core, now = administrator.core, administrator.core.clock.now()
    me = await core.staff.with_iin(Iin(IIN))
    assert me is not None
    span = Span(LAST_HOURS, LAST_HOURS.replace(hour=23))
    await core.outages.declare(me, Cause.TELEGRAM, Reason.ANNOUNCED, span, now)
    await core.outages.judge(now)
    await administrator.press(FamilyHistoryButton(family=1).pack())
    history = await administrator.seen()
    await administrator.say("/export")
    await administrator.tap(KK.plain("Changes of today"))
    await administrator.dispatcher["nursery"].settled()
    for told in (history, str(sheet(administrator))):
        assert KK.plain(words.TAKEN_BACK) in told
        assert KK.plain(words.EVENTS[Event.CONFIRMATION_REOPENED]) not in told
