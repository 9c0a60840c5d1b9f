"""A head takes the journal out, changes it in a spreadsheet, and sends it back: all over HTTP, the
file through Telegram's own download."""

import base64
from io import BytesIO

import openpyxl
import pytest

from seed.people import VIKTOR
from tests.e2e.player import Desk
from tests.e2e.ways import enter


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest) -> str:
    """One database is enough: the registry itself is tested on both."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


async def test_the_journal_comes_out_is_changed_and_goes_in_again(desk: Desk) -> None:
    viktor = desk.player(VIKTOR.id, "ru")
    await enter(viktor)
    await viktor.say("/export")
    await viktor.press("Journal of applications")
    document = (await viktor.chat())[-1]["document"]
    async with desk.http.get(document["url"]) as response:
        book = openpyxl.load_workbook(BytesIO(await response.read()))
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    address, number = (
        headings.index(name) + 1
        for name in ("Адрес регистрации", "Регистрационный номер заявления")
    )
    phone = headings.index("Телефон заявителя") + 1
    changed = {}
    for row in range(2, 5):
        sheet.cell(row, address).value = f"ул. Абая, {row}"
        sheet.cell(row, phone).value = f"+7 701 000 00 0{row}"
        changed[sheet.cell(row, number).value] = f"ул. Абая, {row}"
    for row in (5, 6):
        sheet.cell(row, phone).value = "12"
    held = BytesIO()
    book.save(held)

    await viktor.say("/import")
    content = base64.b64encode(held.getvalue()).decode()
    await viktor.send(document={"name": "журнал.xlsx", "content": content})
    [report] = [m for m in await viktor.chat() if "Отчёт" in m["text"]]
    assert "Новых: 0\nИзменится: 3\n" in report["text"]
    mending = (await viktor.chat())[-1]["document"]
    assert mending["file_name"] == "orynbot-applications-to-mend.xlsx"
    await viktor.press("Bring in")
    await viktor.say("3")
    assert "Изменено: 3" in await viktor.screen()

    await viktor.say("/export")
    await viktor.press("Changes of today")
    document = (await viktor.chat())[-1]["document"]
    async with desk.http.get(document["url"]) as response:
        today = openpyxl.load_workbook(BytesIO(await response.read())).worksheets[0]
    corrected = {row[1].value for row in today.iter_rows() if row[4].value == "Данные исправлены"}
    assert corrected == set(changed)
