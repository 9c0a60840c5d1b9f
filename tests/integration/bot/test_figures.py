"""The figures in the chat: a picture, a workbook, and the digest of the week."""

from datetime import datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
from aiogram.methods import SendDocument
from aiogram.types import BufferedInputFile

from bot.keyboards.staff.figures import FiguresButton, FiguresFileButton
from bot.screens.staff import desk as desk_screens
from core.clock import ALMATY
from core.figures import digest
from core.identity.rules import Iin
from core.staff.rules import Role
from locales.texts import texts
from sandbox.photos import PNG
from tests import factories
from tests.integration.bot.acting import travel
from tests.integration.bot.conftest import IIN, Parent
from tests.integration.bot.posting import working
from tests.telegram_stub import labels

KK = texts("kk")
MONDAY = datetime(2026, 4, 13, 9, 0, tzinfo=ALMATY)


async def become(parent: Parent, role: Role) -> None:
    await factories.application(parent.desk.db, parent.desk.clock.now())
    await parent.enter()
    district = "kokshetau" if role is Role.OPERATOR else None
    moment = parent.core.clock.now()
    await parent.core.staff.grant(Iin(IIN), role, district, by=None, moment=moment)


def picture(parent: Parent) -> str:
    """The caption of the picture that came last, which is one."""
    photo = parent.telegram.photos[-1]
    assert isinstance(photo.photo, BufferedInputFile)
    assert photo.photo.data.startswith(PNG)
    return photo.caption or ""


async def test_an_operator_sees_the_own_district_at_once(parent: Parent) -> None:
    await become(parent, Role.OPERATOR)
    await parent.say("/stats")
    assert "Көкшетау қаласы" in picture(parent)
    assert "Ваучер күтіп тұр: 1" in picture(parent)
    shown = labels(parent.telegram.photos[-1].reply_markup)
    assert KK.plain("As a table (XLSX)") in shown
    assert KK.plain("Another district") not in shown


async def test_a_head_sees_the_region_and_then_a_district(parent: Parent) -> None:
    await become(parent, Role.HEAD)
    await parent.say("/desk")
    await parent.tap(KK.plain("Figures"))
    assert "Ақмола облысы" in picture(parent)
    await parent.tap(KK.plain("Another district"))
    await parent.tap("Есіл ауданы")
    assert "Есіл ауданы" in picture(parent)
    assert "Ваучер күтіп тұр: 0" in picture(parent)


@pytest.mark.parametrize("district", ["esil", "no-such-one"])
async def test_another_district_is_as_if_it_did_not_exist(parent: Parent, district: str) -> None:
    await become(parent, Role.OPERATOR)
    for button in (FiguresButton(district=district), FiguresFileButton(district=district)):
        await parent.press(button.pack())
        assert parent.telegram.toasts[-1] == desk_screens.not_allowed(KK)
    assert parent.telegram.photos == []


async def test_the_same_figures_come_as_a_workbook(parent: Parent) -> None:
    await become(parent, Role.HEAD)
    await parent.say("/stats")
    await parent.tap(KK.plain("As a table (XLSX)"))
    [sent] = [call for call in parent.telegram.calls if isinstance(call, SendDocument)]
    assert isinstance(sent.document, BufferedInputFile)
    assert sent.document.filename == "stats-region-2026-04-07.xlsx"
    book = openpyxl.load_workbook(BytesIO(sent.document.data))
    assert len(book.sheetnames) == 6
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][1:] == ("барлығы", "3 жас")
    assert rows[1] == ("Көкшетау қаласы", 1, 1)
    assert rows[-1] == ("барлығы", 1, 1)
    assert len(rows) == 22


async def digests(parent: Parent) -> int:
    """Do all that is due: how many digests have come in all."""
    async with working(parent) as post:
        await post.send()
    return len(parent.telegram.photos)


async def test_the_digest_comes_once_on_monday_and_is_not_doubled_by_restarts(
    parent: Parent,
) -> None:
    await become(parent, Role.HEAD)
    async with parent.desk.db.write() as session:
        await digest.plan(session, parent.core.clock.now())
    await travel(parent, MONDAY - timedelta(minutes=1))
    assert await digests(parent) == 0
    await travel(parent, MONDAY)
    assert await digests(parent) == 1
    assert "Апта көрсеткіштері" in picture(parent)
    assert await digests(parent) == 1  # another process, over the same records
    await parent.tap(KK.plain("Figures as of now"))
    assert "Ваучер күтіп тұр" in picture(parent)


async def test_whoever_is_head_no_more_gets_no_digest(parent: Parent) -> None:
    await become(parent, Role.HEAD)
    async with parent.desk.db.write() as session:
        await digest.plan(session, parent.core.clock.now())
    await travel(parent, MONDAY)
    member = await parent.core.staff.with_iin(Iin(IIN))
    assert member is not None
    await parent.core.staff.revoke(member.id, by=None, moment=parent.core.clock.now())
    assert await digests(parent) == 0
