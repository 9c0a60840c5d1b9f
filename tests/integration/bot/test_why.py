"""What an application's applicant may ask of its notices: what was sent and why, and the deadline
as a calendar file."""

from datetime import datetime
from typing import Any

import pytest
from aiogram.methods import SendDocument
from aiogram.types import BufferedInputFile
from icalendar import Calendar

from core.clock import ALMATY
from tests import factories
from tests.integration.bot.acting import confirm, files, seen, sign, with_voucher
from tests.integration.bot.conftest import Parent


@pytest.fixture
async def voucher(parent: Parent) -> Parent:
    return await with_voucher(parent)


async def ask_why(parent: Parent) -> list[str]:
    """The lines about the notices, by the way that a parent goes."""
    await parent.tap("Тарих")
    await parent.tap("Хабарламалар: не жіберілді")
    headline, *lines = seen(parent).splitlines()
    assert headline == "<b>Хабарламалар:</b> Child1"
    return lines


async def test_the_plan_of_a_voucher_is_told(voucher: Parent) -> None:
    """R7: issued on Tuesday, two working days."""
    lines = await ask_why(voucher)
    assert [line[2:19] for line in lines] == [
        "09.04.2026, 20:00",
        "09.04.2026, 09:00",
        "09.04.2026, 08:00",
        "08.04.2026, 18:00",
        "08.04.2026, 09:00",
        f"{voucher.desk.clock.now().astimezone(ALMATY):%d.%m.%Y, %H:%M}",
    ]
    assert "SMS, ваучер туралы хабарлама: оған дейін хабарлама оқылмаса" in lines[3]
    await voucher.tap("Артқа")
    assert "<b>Тарих:</b> Child1" in seen(voucher)


async def test_an_answer_is_told_as_the_reason_why_nothing_more_was_sent(voucher: Parent) -> None:
    await confirm(voucher)
    await voucher.tap("Менің өтініштерім")
    lines = await ask_why(voucher)
    answered = [line for line in lines if "қажет болмады: жауап берілген" in line]
    assert len(answered) == 6
    assert len(lines) > len(answered)  # those of the new term


async def test_an_application_without_notices_says_so(parent: Parent) -> None:
    await factories.application(parent.desk.db, parent.desk.clock.now())
    await parent.enter()
    assert await ask_why(parent) == ["Бұл өтініш бойынша әзірге ештеңе жіберілген жоқ."]


async def test_the_deadline_comes_as_a_calendar_file(voucher: Parent) -> None:
    await voucher.tap("Мерзім қалай есептелді?")
    await voucher.tap("📅 Күнтізбеге қосу")
    assert files(voucher) == ["deadline-1.ics"]
    sent = [call for call in voucher.telegram.calls if isinstance(call, SendDocument)][-1]
    assert isinstance(sent.document, BufferedInputFile)
    found: list[Any] = Calendar.from_ical(sent.document.data).walk("VEVENT")
    (event,) = found
    assert event["dtstart"].dt == datetime(2026, 4, 9, 23, 59, tzinfo=ALMATY)
    assert "күнтізбесіне қосылады" in (sent.caption or "")


async def test_the_file_of_a_term_that_is_over_is_not_made(voucher: Parent) -> None:
    """An old button shows what is current."""
    await voucher.tap("❌ Ваучерден бас тарту")
    await voucher.tap("Иә, бас тартамын")
    await sign(voucher)
    await voucher.press("ics:1:2")
    assert files(voucher) == []
    assert "Өтініш мұрағатта" in seen(voucher)
