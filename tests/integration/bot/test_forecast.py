"""A parent asks why the number changes, sees its chart, and reads how the forecast is made."""

from datetime import timedelta

from aiogram.types import BufferedInputFile

from bot.keyboards.forecast import ChartButton
from core.queue.tables import QueueNumberRecord
from locales.texts import texts
from sandbox.photos import PNG
from tests import factories
from tests.integration.bot.acting import card, with_voucher
from tests.integration.bot.conftest import Parent

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
