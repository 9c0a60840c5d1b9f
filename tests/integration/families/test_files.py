"""Families whom a file brings in, or changes."""

from core.identity.rules import Phone
from core.registry.values import Kind, Outcome
from tests.integration.families.conftest import Office
from tests.integration.registry import rows
from tests.integration.registry.rows import bring


async def brought(office: Office, **changes: str) -> Outcome:
    row = rows.application(1, **changes)
    [verdict] = await bring(office.db, Kind.APPLICATIONS, row, moment=office.post.now)
    return verdict.outcome


async def test_a_family_of_a_file_is_found_by_its_name_and_by_a_new_one(office: Office) -> None:
    async with office.db.write() as session:
        await rows.words(session)
    await brought(office)
    [family] = await office.found(office.here, "айару нурлан")
    await brought(office, child_name="Ахметова Жания Нұрланқызы")
    assert await office.found(office.here, "жания") == [family]
    assert await office.found(office.here, "айару") == []


async def test_a_phone_that_staff_have_corrected_outlives_a_file(office: Office) -> None:
    async with office.db.write() as session:
        await rows.words(session)
    await brought(office)
    [family] = await office.found(office.here, "айару")
    new = Phone("+77017654321")
    await office.families.correct_phone(office.here, family, new, office.post.now)
    assert await brought(office) is Outcome.UNCHANGED
    assert (await office.record(family)).applicant_phone == new.value
