"""Imports and exports as staff see them in the chat."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select, update

from bot.outgoing.gate import DOWNLOADED
from bot.screens.staff import exports as export_screens
from bot.screens.staff import imports as screens
from core.applications.tables import ApplicationRecord, HistoryRecord
from core.audit.tables import AuditRecord
from core.citizens.tables import CitizenRecord
from core.identity.rules import Iin
from core.registry.headings import HEADINGS
from core.registry.rows import FIELDS
from core.registry.staging import Report
from core.registry.tables import ImportRowRecord
from core.registry.values import Kind, Problem, Reason
from core.staff.rules import Role
from documents.refusals import FileProblem
from documents.workbook import Workbook
from locales.texts import texts
from tests import factories
from tests.integration.bot.conftest import IIN, Parent
from tests.integration.registry import rows
from tests.telegram_stub import labels

KK = texts("kk")


def workbook(kind: Kind, *raws: dict[str, Any], language: str = "ru") -> bytes:
    book = Workbook()
    sheet = book.sheet("1", [HEADINGS[kind][name][0].in_(language) for name in FIELDS[kind]])
    for raw in raws:
        sheet.add([raw.get(name) for name in FIELDS[kind]])
    return book.to_bytes()


def cells(data: bytes) -> list[list[Any]]:
    [sheet, *_] = openpyxl.load_workbook(BytesIO(data)).worksheets
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.fixture
async def head(parent: Parent) -> Parent:
    """A head of the region at the import's door."""
    await become(parent, Role.HEAD)
    await parent.say("/import")
    return parent


async def become(parent: Parent, role: Role) -> None:
    async with parent.core.db.write() as session:
        await rows.words(session)
    await parent.enter()
    district = "kokshetau" if role is Role.OPERATOR else None
    await parent.core.staff.grant(Iin(IIN), role, district, by=None, moment=parent.core.clock.now())


async def count(parent: Parent, record: Any) -> int:
    async with parent.core.db.read() as session:
        return await session.scalar(select(func.count()).select_from(record)) or 0


async def send(parent: Parent, *raws: dict[str, Any], kind: Kind = Kind.CITIZENS) -> None:
    await parent.document("a.xlsx", content=workbook(kind, *raws))


async def test_a_file_is_reported_on_and_brought_in_after_its_number_is_typed(
    head: Parent,
) -> None:
    had = await count(head, CitizenRecord)
    await send(head, rows.citizen(10), rows.citizen(11), rows.citizen(12, phone="12"))
    problem = Problem("phone", Reason.NOT_A_PHONE)
    expected = screens.report(Report(1, Kind.CITIZENS, 2, 0, 0, 1), [(problem, 1)], KK)
    assert await head.seen() == expected.text
    assert await count(head, CitizenRecord) == had
    await head.tap(KK.plain("Bring in"))
    await head.say("3")
    assert await count(head, CitizenRecord) == had
    await head.say("2")
    assert await head.seen() == screens.applied(Report(1, Kind.CITIZENS, 2, 0, 0, 1), KK).text
    assert await count(head, CitizenRecord) == had + 2
    assert await count(head, ImportRowRecord) == 0  # people's data are not kept twice
    async with head.core.db.read() as session:
        acts = (await session.scalars(select(AuditRecord).order_by(AuditRecord.id))).all()
    applied = next(act for act in acts if act.act == "import_applied")
    assert applied.details == {
        "kind": "citizens",
        "new": 2,
        "changed": 0,
        "unchanged": 0,
        "refused": 1,
    }


async def test_the_refused_rows_come_back_as_a_file_that_can_be_sent_once_mended(
    head: Parent,
) -> None:
    await send(head, rows.citizen(10), rows.citizen(11, phone="12", birth_date="31.02.2020"))
    [(name, data, _)] = head.telegram.documents
    assert name == "orynbot-citizens-to-mend.xlsx"
    headings, faulty = cells(data)
    assert "Телефон" in faulty[0]
    assert "Туған күні" in faulty[0]
    assert faulty[0].startswith("3-жол. ")
    assert faulty[headings.index("ЖСН")] == factories.iin(11)
    faulty[headings.index("Телефон")] = "+7 775 000 00 11"
    faulty[headings.index("Туған күні")] = "01.02.1990"
    mended = Workbook()
    mended.sheet("1", headings).add(faulty)
    await head.document("a.xlsx", content=mended.to_bytes())
    expected = screens.report(Report(2, Kind.CITIZENS, 1, 0, 0, 0), [], KK)
    assert await head.seen() == expected.text
    assert len(head.telegram.documents) == 1


async def test_the_same_file_again_has_nothing_to_bring_in(head: Parent) -> None:
    for _ in range(2):
        await send(head, rows.application(1), rows.application(2), kind=Kind.APPLICATIONS)
        if KK.plain("Bring in") in labels(head.telegram.newest.reply_markup):
            await head.tap(KK.plain("Bring in"))
            await head.say("2")
            await head.say("/import")
    assert KK.plain("There is nothing to bring in.") in await head.seen()
    assert await count(head, ApplicationRecord) == 2
    assert await count(head, HistoryRecord) == 2


async def test_when_the_records_have_changed_since_the_report_nothing_is_brought_in(
    head: Parent,
) -> None:
    await send(head, rows.citizen(10), rows.citizen(11))
    await head.tap(KK.plain("Bring in"))
    async with head.core.db.write() as session:
        session.add(
            CitizenRecord(
                iin=factories.iin(10),
                phone="+77750000010",
                full_name="Ахметова Айгүл 10",
                birth_date=rows.TODAY.replace(1990, 5, 17),
            )
        )
    await head.say("2")
    renewed = screens.outdated(Report(1, Kind.CITIZENS, 1, 0, 1, 0), [], KK)
    assert await head.seen() == renewed.text
    await head.tap(KK.plain("Bring in"))
    await head.say("1")
    assert await head.seen() == screens.applied(Report(1, Kind.CITIZENS, 1, 0, 1, 0), KK).text


async def test_old_buttons_of_a_report_answer_kindly(head: Parent) -> None:
    await send(head, rows.citizen(10))
    old, apply = head.telegram.message_with(KK.plain("Bring in"))
    await send(head, rows.citizen(11))
    assert apply.callback_data is not None
    await head.press(apply.callback_data, old)
    assert head.telegram.toasts[-1] == screens.gone(KK)
    await head.tap(KK.plain("Drop the file"))
    assert await head.seen() == screens.dropped(KK).text
    assert await count(head, ImportRowRecord) == 0


async def test_another_persons_report_is_as_if_it_did_not_exist(head: Parent) -> None:
    await send(head, rows.citizen(10))
    _, apply = head.telegram.message_with(KK.plain("Bring in"))
    now = head.core.clock.now()
    await head.core.staff.grant(Iin(IIN), Role.ADMINISTRATOR, None, by=None, moment=now)
    assert apply.callback_data is not None
    await head.press(apply.callback_data)
    assert head.telegram.toasts[-1] == screens.gone(KK)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\x00\x01", FileProblem.NOT_A_TABLE),
        (b"PK\x03\x04 and no more", FileProblem.BROKEN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old one", FileProblem.OLD_XLS),
        (b"", FileProblem.EMPTY),
        ("ЖСН;Телефон;Аты-жөні;Туған күні\n".encode(), FileProblem.EMPTY),
    ],
)
async def test_whatever_is_sent_is_answered(
    head: Parent, content: bytes, problem: FileProblem
) -> None:
    await head.document("a.xlsx", content=content)
    assert await head.seen() == screens.not_read(problem, KK).text
    await send(head, rows.citizen(10))  # and the desk still waits for a file
    assert KK.plain("Bring in") in labels(head.telegram.newest.reply_markup)


async def test_a_file_that_is_too_large_is_not_even_asked_for(head: Parent) -> None:
    await head.document("a.xlsx", size=DOWNLOADED + 1)
    assert await head.seen() == screens.not_read(FileProblem.TOO_LARGE, KK).text


async def test_a_file_that_telegram_does_not_hand_over_is_said_so(head: Parent) -> None:
    await head.document("a.xlsx", size=1)
    assert await head.seen() == screens.not_loaded(KK).text


async def test_missing_columns_are_named(head: Parent) -> None:
    await head.document("a.csv", content="ИИН;Телефон;Дата рождения\n1;2;3\n".encode("cp1251"))
    assert "Тегі, аты, әкесінің аты" in await head.seen()


async def test_a_text_instead_of_a_file_shows_what_is_waited_for(head: Parent) -> None:
    await head.say("hello")
    assert await head.seen() == screens.door(KK).text


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
async def test_a_template_can_be_sent_as_it_is_and_has_no_rows(
    parent: Parent, language: str
) -> None:
    await become(parent, Role.HEAD)
    await parent.core.visitors.choose_language(parent.id, language, parent.core.clock.now())
    t = texts(language)
    await parent.say("/import")
    for name in screens.KINDS.values():
        await parent.tap(t.plain(name))
        _, data, _ = parent.telegram.documents[-1]
        assert len(cells(data)) == 2
        await parent.document("a.xlsx", content=data)
        assert await parent.seen() == screens.not_read(FileProblem.EMPTY, t).text


async def test_the_journal_that_was_taken_out_can_be_sent_back_and_changes_nothing(
    head: Parent,
) -> None:
    raws = [rows.application(n, privilege="orphan" if n == 2 else None) for n in (1, 2)]
    await send(head, *raws, rows.application(3, district="akkol"), kind=Kind.APPLICATIONS)
    await head.tap(KK.plain("Bring in"))
    await head.say("3")
    await head.say("/export")
    await head.tap(KK.plain("Journal of applications"))
    await head.dispatcher["nursery"].settled()
    name, data, _ = head.telegram.documents[-1]
    assert name.startswith("orynbot-journal-")
    headings, *lines = cells(data)
    assert [line[headings.index(KK.plain("Queue number"))] for line in lines] == [1, 2, 1]
    await head.say("/import")
    await head.document(name, content=data)
    expected = screens.report(Report(2, Kind.APPLICATIONS, 0, 0, 3, 0), [], KK)
    assert await head.seen() == expected.text


async def test_an_operator_takes_out_the_own_district_and_it_is_written_down(
    parent: Parent,
) -> None:
    await become(parent, Role.OPERATOR)
    now = parent.core.clock.now()
    mine, other = [await factories.application(parent.core.db, now, n) for n in (1, 2)]
    async with parent.core.db.write() as session:
        session.add_all(
            HistoryRecord(
                application_id=each,
                at=now,
                event="registered",
                to_status="in_queue",
                actor="portal",
                details={},
            )
            for each in (mine, other)
        )
        elsewhere = update(ApplicationRecord).where(ApplicationRecord.id == other)
        await session.execute(elsewhere.values(district="akkol"))
    await parent.say("/export")
    for label in ("Journal of applications", "Changes of today", "Changes of yesterday"):
        await parent.tap(KK.plain(label))
        await parent.dispatcher["nursery"].settled()
    journal, today, yesterday = (cells(data) for _, data, _ in parent.telegram.documents)
    assert [line[0] for line in journal[1:]] == ["ОДО.2026.1"]
    assert [line[1] for line in today[1:]] == ["ОДО.2026.1"]
    assert yesterday[1:] == []
    await parent.say("31.02.2026")
    assert await parent.seen() == export_screens.no_day(KK).text
    async with parent.core.db.read() as session:
        written = (await session.scalars(select(AuditRecord).order_by(AuditRecord.id))).all()
    told = [act.details for act in written if act.act.endswith("_exported")]
    assert [one["applications"] for one in told] == [[[mine, mine]], [[mine, mine]], []]


@pytest.mark.parametrize("typed", ["7.4.2026", "07/04/26", "7-4-2026", "2026-04-07"])
async def test_a_day_of_changes_is_understood_however_it_is_typed(
    parent: Parent, typed: str
) -> None:
    await become(parent, Role.HEAD)
    await parent.say("/export")
    await parent.say(typed)
    await parent.dispatcher["nursery"].settled()
    name, _, _ = parent.telegram.documents[-1]
    assert "2026-04-07" in name
