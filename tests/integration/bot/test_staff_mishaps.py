"""What goes wrong with files at the staff desk: whoever has sent or asked for one is told."""

import zipfile
from io import BytesIO
from typing import Any

import pytest

from bot.screens.staff import exports as export_screens
from bot.screens.staff import imports as screens
from core.registry.exports import Exports
from core.registry.imports import Imports
from core.registry.staging import Report
from core.registry.tables import ImportRowRecord
from core.registry.values import Kind, Problem, Reason
from documents.refusals import FileProblem
from locales.texts import texts
from tests.integration.bot.conftest import Parent
from tests.integration.bot.test_staff_imports import cells, count, head, send, workbook
from tests.integration.registry import rows

__all__ = ["head"]
KK = texts("kk")


def strange() -> bytes:
    """A workbook whose parts are of a sort that openpyxl does not read."""
    held = BytesIO()
    content = workbook(Kind.CITIZENS, rows.citizen(10))
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(held, "w") as packed:
        for name in source.namelist():
            part = source.read(name)
            if name == "[Content_Types].xml":
                part = part.replace(b"sheet.main+xml", b"sheet.binary.main+xml")
            packed.writestr(name, part)
    return held.getvalue()


def fail(*_: Any, **__: Any) -> Any:
    raise ZeroDivisionError


async def test_a_workbook_of_a_strange_sort_is_answered(head: Parent) -> None:
    await head.document("a.xlsx", content=strange())
    assert await head.seen() == screens.not_read(FileProblem.BROKEN, KK).text


async def test_the_line_of_a_quotation_mark_that_is_alone_is_told(head: Parent) -> None:
    text = 'ИИН;Телефон;ФИО;Дата рождения\n1;2;"Ахметова;3\n1;2;Иванова;3\n'
    await head.document("a.csv", content=text.encode())
    told = await head.seen()
    assert told == screens.not_read(FileProblem.QUOTATION_MARK, KK, 2).text
    assert "2-жол" in told


async def test_whatever_fails_while_a_file_is_read_is_told_and_nothing_of_it_stays(
    head: Parent, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Imports, "report", fail)
        await send(head, rows.citizen(10))
    assert await head.seen() == screens.failed(KK).text
    assert await count(head, ImportRowRecord) == 0


async def test_whatever_fails_while_an_export_is_made_is_told(
    head: Parent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Exports, "journal", fail)
    await head.say("/export")
    await head.tap(KK.plain("Journal of applications"))
    await head.dispatcher["nursery"].settled()
    assert await head.seen() == export_screens.failed(KK).text


async def test_the_rows_that_cannot_be_brought_in_any_more_come_back_as_a_file(
    head: Parent,
) -> None:
    """The new report tells of them; somebody has registered the number at another minute."""
    await send(head, rows.application(10), rows.application(11), kind=Kind.APPLICATIONS)
    await head.tap(KK.plain("Bring in"))
    other = rows.application(10, registered_at="08.07.2024 09:00:00")
    now = head.core.clock.now()
    await rows.bring(head.desk.db, Kind.APPLICATIONS, other, moment=now)
    assert head.telegram.documents == []
    await head.say("2")
    problem = Problem("registered_at", Reason.CANNOT_CHANGE)
    renewed = Report(1, Kind.APPLICATIONS, 1, 0, 0, 1)
    assert await head.seen() == screens.outdated(renewed, [(problem, 1)], KK).text
    [(name, data, _)] = head.telegram.documents
    assert name == "orynbot-applications-to-mend.xlsx"
    headings, faulty = cells(data)
    assert KK.plain(screens.REASONS[problem.reason]) in faulty[0]
    assert faulty[headings.index("Өтініштің тіркеу нөмірі")] == other["registration_number"]
