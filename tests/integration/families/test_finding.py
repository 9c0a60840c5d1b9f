"""Finding a family: by number, IIN or name, by index, inside the own district only."""

from datetime import date
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text

from core.applications.tables import ApplicationRecord
from core.families import finding, names
from core.families.tables import NameWordRecord
from core.families.values import Look, UnknownFamily
from core.identity.rules import Iin
from tests import factories
from tests.integration.families.conftest import Office

NAMES: dict[str, Any] = {
    "applicant_name": "Әбдіқадырова Айгүл Серікқызы",
    "child_name": "Өмірзақ Іңкәр Ғаниұлы",
    "child_given_name": "Іңкәр",
}


FINDS = (
    "Әбдіқадырова",
    "абдикадырова",
    "АБДИКАДЫР",
    "айгул",
    "Айгүл Әбді",
    "инкар",
    "омирзак",
    "гани",
    "Серікқызы инкар",
)
FINDS_NOBODY = ("", "  ", "а", "!", "Айгүл Петров", "гүл", "серик кызы", "%", "_йгул")


async def test_a_kazakh_name_is_found_by_its_russian_look_alikes(office: Office) -> None:
    found = await office.family(1, **NAMES)
    await office.family(2)
    for typed in FINDS:
        assert await office.found(office.here, typed) == [found], typed


async def test_what_begins_no_word_of_a_name_finds_nobody(office: Office) -> None:
    await office.family(1, **NAMES)
    for typed in FINDS_NOBODY:
        assert await office.found(office.here, typed) == [], typed


async def test_a_registration_number_is_found_however_it_is_typed(office: Office) -> None:
    found = await office.family(7)
    await office.family(70)
    for typed in ("ОДО.2026.7", "одо.2026.7", " ОДО. 2026.7 ", "ODO.2026.7"):
        assert await office.found(office.here, typed) == [found]
    assert await office.found(office.here, "ОДО.2026") == []


async def test_an_iin_is_found_of_the_applicant_and_of_the_child(office: Office) -> None:
    first = await office.family(1)
    second = await office.post.family(2, applicant=1, chat=False)
    await office.family(3)
    parent, child = factories.iin(1), factories.iin(2, date(2022, 9, 17), "6")
    assert await office.found(office.here, Iin(parent)) == [first, second]
    assert await office.found(office.here, Iin(child)) == [second]


async def test_another_districts_application_is_as_if_it_did_not_exist(office: Office) -> None:
    theirs = await office.family(1, **NAMES)
    for wanted in ("айгул", "ОДО.2026.1", Iin(factories.iin(1))):
        assert await office.found(office.here, wanted) == [theirs]
        assert await office.found(office.head, wanted) == [theirs]
        assert await office.found(office.there, wanted) == []
    assert await office.families.lines(office.there, (theirs,), office.post.now) == []
    for unknown in (theirs, theirs + 1):
        with pytest.raises(UnknownFamily):
            await office.families.look(office.there, unknown, Look.CARD, office.post.now)


async def test_a_new_name_or_district_is_found_at_once_and_the_old_one_no_longer(
    office: Office,
) -> None:
    moved = await office.family(1, **NAMES)
    await office.change(moved, child_name="Өмірзақ Жания", district="akkol")
    assert await office.found(office.there, "жания") == [moved]
    assert await office.found(office.head, "инкар") == []
    assert await office.found(office.here, "жания") == []


async def test_names_that_are_written_by_statement_are_kept_on_demand(office: Office) -> None:
    first = await office.family(1)
    async with office.db.write() as session:
        record = await session.get_one(ApplicationRecord, first)
        row = {
            column.name: getattr(record, column.name)
            for column in ApplicationRecord.__table__.columns
        }
        row |= {"id": 50, "registration_number": "X.1", "child_name": "Қарлығаш"}
        await session.execute(insert(ApplicationRecord), [row])
        await names.index(session, ApplicationRecord.id == 50)
        await names.index(session, ApplicationRecord.id == 50)
    assert await office.found(office.here, "карлыг") == [50]


async def test_of_very_many_only_the_first_are_named(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST", 3)
    for number in range(5):
        await office.family(number + 1, child_name="Айару")
    found = await office.families.find(office.here, "айару", office.post.now)
    assert (len(found.ids), found.more) == (3, True)


async def test_every_look_is_in_the_audit_log_and_no_name_is(office: Office) -> None:
    found = await office.family(1, **NAMES)
    now = office.post.now
    await office.found(office.here, "айгул")
    await office.found(office.here, Iin(factories.iin(1)))
    await office.families.lines(office.here, (found,), now)
    for look in Look:
        await office.families.look(office.here, found, look, now)
    noted = await office.noted()
    assert [(one.act, one.subjects) for one in noted] == [
        ("families_sought", {}),
        ("families_sought", {}),
        ("families_listed", {"application": [found]}),
        *((look.value, {"application": [found]}) for look in Look),
    ]
    assert {one.staff_id for one in noted} == {office.here.id}
    assert noted[1].details == {"by": "iin", "found": 1}


async def test_a_name_is_found_by_index(office: Office) -> None:
    """Neither the words nor the applications are gone through: both databases' plans say so."""
    random = Random(1)
    first = await office.family(1, **NAMES)
    async with office.db.write() as session:
        await session.execute(
            insert(NameWordRecord),
            [
                {"word": f"{random.random():.9f}", "district": "kokshetau", "application_id": first}
                for _ in range(5_000)
            ],
        )
        await session.execute(text("ANALYZE"))
    statements: list[tuple[str, Any]] = []
    listen = office.db.engine.sync_engine
    event.listen(
        listen, "before_cursor_execute", lambda c, cu, st, pa, *_: statements.append((st, pa))
    )
    await office.found(office.here, "айгул абди")
    [*_, (statement, parameters)] = [one for one in statements if "name_words" in one[0]]
    explain = "EXPLAIN QUERY PLAN " if office.db.is_sqlite else "EXPLAIN "
    async with office.db.engine.connect() as connection:
        plan = await connection.exec_driver_sql(explain + statement, parameters)
        told = "\n".join(" ".join(map(str, row)) for row in plan)
    assert "Seq Scan on name_words" not in told
    assert "SCAN name_words" not in told
    assert "pk_name_words" in told or "PRIMARY KEY" in told


async def test_those_who_are_found_stand_in_the_order_of_the_alphabet(office: Office) -> None:
    order = ["Аяла", "Әлия", "Бота", "Қарлығаш", "Яна"]
    for number, name in enumerate(reversed(order), 1):
        await office.family(number, child_name=f"{name} Сериковна")
    found = await office.found(office.here, "сериковна")
    lines = await office.families.lines(office.here, tuple(found), office.post.now)
    assert [line.child.split()[0] for line in lines] == order


async def test_the_words_of_a_name_are_kept_once(office: Office) -> None:
    await office.family(1, applicant_name="Омар Омар", child_name="Омар")
    async with office.db.read() as session:
        kept = (await session.scalars(select(NameWordRecord.word))).all()
    assert kept == ["омар"]
