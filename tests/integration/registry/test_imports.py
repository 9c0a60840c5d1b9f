"""A file of 2,000 applications: the report lists exactly the faulty rows, and all or nothing is
brought in."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bench import applications_file
from bot.imports import stage_file
from core.applications.tables import ApplicationRecord, HistoryRecord
from core.db.engine import Database
from core.identity.rules import Iin
from core.registry.imports import Imports, NoSuchImport, Outdated
from core.registry.rows import read
from core.registry.staging import Given, Report
from core.registry.tables import ImportRowRecord
from core.registry.values import Kind, Problem, Reason
from core.staff.rules import Member, NotAllowed, Role
from core.staff.service import Staff
from documents.workbook import Workbook
from tests import factories
from tests.integration.registry import rows

NOW = datetime(2026, 4, 7, 5, tzinfo=UTC)
ROWS = 700


@pytest.fixture
async def imports(database: Database) -> Imports:
    async with database.write() as session:
        await rows.words(session)
    return Imports(database)


@pytest.fixture
async def head(database: Database) -> Member:
    iin = Iin(factories.iin(500))
    return await Staff(database).grant(iin, Role.HEAD, None, by=None, moment=NOW)


def nothing(done: int) -> None:
    """Nobody watches."""


async def count(db: Database, record: type) -> int:
    async with db.read() as session:
        return await session.scalar(select(func.count()).select_from(record)) or 0


async def test_of_many_applications_exactly_the_faulty_are_refused(
    imports: Imports, database: Database, head: Member, tmp_path: Path
) -> None:
    file = tmp_path / "a.xlsx"
    expected = applications_file.write(file, ROWS, "3 жастағы балалар")
    report = await stage_file(imports, head, file, NOW, nothing)
    found = {
        row.number: row.problems
        async for batch in imports.refused(head, report.id)
        for row in batch
    }
    assert len(expected) == ROWS // 100
    assert found == {n: (Problem(field, why),) for n, (field, why) in expected.items()}
    sound = ROWS - len(expected)
    assert report == Report(report.id, Kind.APPLICATIONS, sound, 0, 0, len(expected))
    assert await count(database, ApplicationRecord) == 0
    told: list[int] = []
    await imports.apply(head, report.id, report.concerned, NOW, told.append)
    assert told == sorted(told)
    assert told[-1] == sound
    assert await count(database, ApplicationRecord) == sound
    assert await count(database, HistoryRecord) == sound
    assert await count(database, ImportRowRecord) == 0
    again = await stage_file(imports, head, file, NOW, nothing)
    assert (again.concerned, again.unchanged) == (0, sound)


def citizens(file: Path, *numbers: int) -> Path:
    book = Workbook()
    sheet = book.sheet("1", ["ЖСН", "Телефон", "ФИО", "Туған күні"])
    for number in numbers:
        sheet.add(list(rows.citizen(number).values()))
    book.save(file)
    return file


async def test_the_same_person_twice_in_a_file_is_refused_even_far_apart(
    imports: Imports, head: Member, tmp_path: Path
) -> None:
    file = citizens(tmp_path / "a.xlsx", *range(1, 600), 3)
    report = await stage_file(imports, head, file, NOW, nothing)
    assert (report.new, report.refused) == (599, 1)
    [batch] = [batch async for batch in imports.refused(head, report.id)]
    assert batch[0].number == 601
    assert batch[0].problems == (Problem(None, Reason.DUPLICATE),)


async def test_nothing_is_brought_in_when_one_row_no_longer_can_be(
    imports: Imports, database: Database, head: Member, tmp_path: Path
) -> None:
    """Somebody else has registered one of the numbers for another child since the report."""
    book = Workbook()
    raws = [rows.application(n) for n in (1, 2)]
    sheet = book.sheet("1", [*raws[0], "privilege"])
    for raw in raws:
        sheet.add(list(raw.values()))
    book.save(tmp_path / "a.xlsx")
    report = await stage_file(imports, head, tmp_path / "a.xlsx", NOW, nothing)
    assert report.new == 2
    other = rows.application(2, child_iin=factories.iin(77))
    await rows.bring(database, Kind.APPLICATIONS, other, moment=NOW)
    with pytest.raises(Outdated):
        await imports.apply(head, report.id, 2, NOW)
    assert await count(database, ApplicationRecord) == 1
    renewed = await imports.look(head, report.id)
    assert (renewed.new, renewed.refused) == (1, 1)
    await imports.apply(head, report.id, 1, NOW)
    assert await count(database, ApplicationRecord) == 2
    with pytest.raises(NoSuchImport):
        await imports.apply(head, report.id, 1, NOW)


async def test_an_operator_of_a_district_brings_nothing_in(
    imports: Imports, tmp_path: Path
) -> None:
    operator = Member(1, Role.OPERATOR, "kokshetau")
    with pytest.raises(NotAllowed):
        await stage_file(imports, operator, citizens(tmp_path / "a.xlsx", 1), NOW, nothing)


async def test_a_file_that_another_one_has_replaced_is_not_kept_any_more(
    imports: Imports, database: Database, head: Member, tmp_path: Path
) -> None:
    """Two files sent together: the first is still being read when the second begins."""
    first = await imports.begin(head, Kind.CITIZENS, NOW)
    raw = rows.citizen(1)
    given = [Given(2, raw, read(Kind.CITIZENS, raw, await imports.reading(NOW)))]
    await imports.stage(first, Kind.CITIZENS, given)
    second = await stage_file(imports, head, citizens(tmp_path / "b.xlsx", 2, 3), NOW, nothing)
    with pytest.raises(NoSuchImport):
        await imports.stage(first, Kind.CITIZENS, given)
    with pytest.raises(NoSuchImport):
        await imports.report(head, first)
    assert (await imports.look(head, second.id)).new == 2
    assert await count(database, ImportRowRecord) == 2


async def test_another_persons_import_does_not_exist(
    imports: Imports, head: Member, tmp_path: Path
) -> None:
    report = await stage_file(imports, head, citizens(tmp_path / "a.xlsx", 1), NOW, nothing)
    other = Member(head.id + 1, Role.ADMINISTRATOR, None)
    for attempt in (
        imports.look(other, report.id),
        imports.drop(other, report.id),
        imports.apply(other, report.id, 1, NOW),
        imports.reasons(other, report.id),
    ):
        with pytest.raises(NoSuchImport):
            await attempt
    assert (await imports.look(head, report.id)).new == 1
