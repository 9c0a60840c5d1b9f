"""A parent asks why the number changes, sees its chart, and reads how the forecast is made."""

from datetime import datetime, timedelta

import pytest
from aiogram.types import BufferedInputFile

from bot.keyboards.forecast import ChartButton
from core.applications.tables import HistoryRecord
from core.db.base import Base
from core.queue.tables import QueueNumberRecord, RenewalRecord
from core.staff.rules import Role
from locales.texts import texts
from sandbox.photos import PNG
from tests import factories
from tests.integration.bot.acting import card, with_voucher
from tests.integration.bot.conftest import Parent
from tests.integration.vouchers import queues

KK = texts("kk")


async def waits(parent: Parent, numbers: list[int]) -> None:
    """A child in the queue whose number was noted every four weeks, the last one today."""
    now = parent.desk.clock.now()
    application = await factories.application(parent.desk.db, now)
    async with parent.desk.db.write() as session:
        session.add_all(
            QueueNumberRecord(
                application_id=application, at=now - timedelta(weeks=4 * ago), number=number
            )
            for ago, number in enumerate(reversed(numbers))
        )
    await parent.enter()


async def ask(parent: Parent) -> str:
    """From the only application to the chart; its caption."""
    await parent.tap(KK.plain("Information"))
    await parent.tap(KK.plain("Why does my number change?"))
    await parent.tap(KK.plain("📉 Chart and forecast"))
    photo = parent.telegram.photos[-1]
    assert isinstance(photo.photo, BufferedInputFile)
    assert photo.photo.data.startswith(PNG)
    return photo.caption or ""


async def test_a_number_that_came_down_steadily_has_a_forecast_and_its_reason(
    parent: Parent,
) -> None:
    await waits(parent, [25, 21, 17, 13, 9, 5, 1])
    caption = await ask(parent)
    assert "Child1" in caption
    assert "Болжам: 2026 жылғы сәуір" in caption
    assert "уәде емес" in caption
    await parent.tap(KK.plain("How is this forecast made?"))
    told = await parent.seen()
    assert "3,6–4,4 орын" in told
    assert "2026 жылғы сәуір" in told


async def test_with_too_little_data_the_chart_says_so(parent: Parent) -> None:
    await waits(parent, [3, 1])
    assert "Әзірге болжам жоқ: дерек аз." in await ask(parent)
    await parent.tap(KK.plain("How is this forecast made?"))
    assert "Әзірге болжам жоқ: дерек аз." in await parent.seen()


def renewed(at: datetime) -> Base:
    """Other children have come into the stage, or left it, by age (D16)."""
    return RenewalRecord(
        staff_id=1, as_of=at.date(), state="done", planned_at=at, changed_at=at, last_number=0
    )


def moved(at: datetime) -> Base:
    """The child itself came into another stage by age (D16)."""
    return _line("stage_changed", at, {"from": "aged_2", "to": "age3"})


def corrected(at: datetime) -> Base:
    """The portal has corrected the child's stage."""
    return _line("data_corrected", at - timedelta(hours=9), {"fields": ["category"]})


def _line(event: str, at: datetime, details: dict[str, object]) -> Base:
    return HistoryRecord(
        application_id=1,
        at=at,
        event=event,
        from_status="in_queue",
        to_status="in_queue",
        actor="portal",
        details=details,
    )


@pytest.mark.parametrize("made", [renewed, moved, corrected])
async def test_a_leap_to_another_stages_number_is_no_pace(made: object, parent: Parent) -> None:
    """Two places a week came and come, whatever the number fell by as stages changed."""
    assert callable(made)
    await waits(parent, [161, 153, 145, 137, 129, 9, 1])
    at = parent.desk.clock.now() - timedelta(weeks=4)
    await queues.member(parent.desk.db, parent.desk.clock, 9001, Role.HEAD)
    async with parent.desk.db.write() as session:
        session.add(QueueNumberRecord(application_id=1, at=at, number=121))  # a moment before
        session.add(QueueNumberRecord(application_id=1, at=at, number=9))
        session.add(made(at))
    assert "Әзірге болжам жоқ: дерек аз." in await ask(parent)


async def test_a_pace_that_has_lasted_since_the_leap_has_a_forecast(parent: Parent) -> None:
    await waits(parent, [165, 161, 157, 17, 13, 9, 5, 1])
    at = parent.desk.clock.now() - timedelta(weeks=16)
    async with parent.desk.db.write() as session:
        session.add(moved(at))
    assert "Болжам: 2026 жылғы сәуір" in await ask(parent)
    await parent.tap(KK.plain("How is this forecast made?"))
    assert "3,6–4,4 орын" in await parent.seen()


async def test_who_has_a_voucher_is_told_that_the_turn_has_come(parent: Parent) -> None:
    await with_voucher(parent)
    found = await card(parent)
    await parent.press(ChartButton(application=found.id, version=found.version).pack())
    assert "Кезегіңіз келді" in (parent.telegram.photos[-1].caption or "")


async def test_somebody_elses_chart_is_not_shown(parent: Parent) -> None:
    theirs = await factories.application(parent.desk.db, parent.desk.clock.now(), 2)
    await parent.enter()
    await parent.press(ChartButton(application=theirs, version=1).pack())
    assert parent.telegram.photos == []


async def test_who_has_left_the_queue_has_no_chart(parent: Parent) -> None:
    await waits(parent, [1])
    found = await card(parent)
    await parent.core.applications.issue_voucher(
        "ОДО.2026.1", actor="portal", moment=parent.desk.clock.now()
    )
    parent.desk.clock.move(parent.desk.clock.now() + timedelta(days=4))
    await parent.desk.sweep.run(parent.desk.clock.now())
    await parent.press(ChartButton(application=found.id, version=found.version).pack())
    assert parent.telegram.photos == []
    assert "График әзірге жоқ" in await parent.seen()
