"""What rows do to the records: new, changed, unchanged, refused, and what never changes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from unicodedata import normalize

import pytest
from sqlalchemy import func, insert, select, update

from core.applications.rules import Event, Status
from core.applications.service import Applications
from core.applications.tables import ApplicationRecord, HistoryRecord
from core.calendar.service import CalendarBook
from core.citizens.tables import CitizenRecord
from core.clock import TravelClock
from core.db.engine import Database
from core.places.tables import KindergartenRecord, PlaceRecord
from core.registry.values import Kind, Outcome, Problem, Reason, Verdict
from tests import factories
from tests.integration.registry import rows
from tests.integration.registry.rows import bring

MOMENT = datetime(2026, 4, 7, 5, tzinfo=UTC)


@pytest.fixture
async def db(database: Database) -> Database:
    async with database.write() as session:
        await rows.words(session)
    await CalendarBook(database).seed(range(2026, 2027))
    return database


async def outcomes(db: Database, kind: Kind, *raws: dict[str, Any]) -> list[Outcome]:
    return [verdict.outcome for verdict in await bring(db, kind, *raws, moment=MOMENT)]


def refusal(field: str | None, reason: Reason) -> list[Verdict]:
    return [Verdict(Outcome.REFUSED, Problem(field, reason))]


async def test_the_same_rows_twice_change_nothing(db: Database) -> None:
    given = {
        Kind.CITIZENS: [rows.citizen(1), rows.citizen(2)],
        Kind.KINDERGARTENS: [rows.kindergarten(), rows.kindergarten(district="akkol")],
        Kind.PLACES: [rows.place(), rows.place(mode="temporary", until="2026-04-30")],
        Kind.DAYS: [rows.day()],
        Kind.APPLICATIONS: [rows.application(1), rows.application(2, privilege="orphan")],
    }
    for kind, raws in given.items():
        assert set(await outcomes(db, kind, *raws)) == {Outcome.NEW}
    for kind, raws in given.items():
        assert set(await outcomes(db, kind, *raws)) == {Outcome.UNCHANGED}
    async with db.read() as session:
        assert await session.scalar(select(func.count()).select_from(HistoryRecord)) == 2


async def test_what_changed_is_written_and_the_rest_stays(db: Database) -> None:
    await outcomes(db, Kind.CITIZENS, rows.citizen(1), rows.citizen(2))
    again = [rows.citizen(1, phone="+77770000000"), rows.citizen(2), rows.citizen(3)]
    assert await outcomes(db, Kind.CITIZENS, *again) == [
        Outcome.CHANGED,
        Outcome.UNCHANGED,
        Outcome.NEW,
    ]
    async with db.read() as session:
        phones = {r.iin: r.phone for r in await session.scalars(select(CitizenRecord))}
    assert phones[factories.iin(1)] == "+77770000000"
    assert len(phones) == 3


async def test_a_new_application_is_in_the_queue_and_its_history_begins(db: Database) -> None:
    await outcomes(db, Kind.APPLICATIONS, rows.application(1))
    async with db.read() as session:
        [record] = await session.scalars(select(ApplicationRecord))
        [line] = await session.scalars(select(HistoryRecord))
    assert (record.status, record.version, record.deadline) == ("in_queue", 1, None)
    assert record.child_given_name == "Айару"
    assert (line.application_id, line.event, line.actor) == (record.id, "registered", "operator")
    assert (line.from_status, line.to_status, line.at) == (None, "in_queue", MOMENT)


async def test_a_file_changes_data_but_never_where_an_application_stands(
    db: Database, clock: TravelClock
) -> None:
    await outcomes(db, Kind.APPLICATIONS, rows.application(1, applicant_email="a@b.kz"))
    async with db.write() as session:
        stands = {"status": Status.STOP_LIST.value, "version": 7, "ends_at": MOMENT}
        await session.execute(update(ApplicationRecord).values(**stands))
    told = rows.application(1, applicant_phone="+77011112233", category="first")
    assert await outcomes(db, Kind.APPLICATIONS, told) == [Outcome.CHANGED]
    async with db.read() as session:
        [record] = await session.scalars(select(ApplicationRecord))
        line = (await session.scalars(select(HistoryRecord).order_by(HistoryRecord.id))).all()[-1]
    assert (record.status, record.version, record.ends_at) == ("stop_list", 7, MOMENT)
    assert (record.applicant_phone, record.category) == ("+77011112233", "first")
    assert record.applicant_email == "a@b.kz"  # what a file does not tell stays
    assert (line.event, line.details) == (
        "data_corrected",
        {"fields": ["category", "applicant_phone"]},
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("district", "akkol"),
        ("registered_at", "08.07.2024 01:30"),
        ("applicant_iin", factories.iin(99)),
        ("child_iin", factories.iin(99)),
    ],
)
async def test_whose_application_it_is_and_its_place_in_the_queue_cannot_change(
    db: Database, field: str, value: str
) -> None:
    await outcomes(db, Kind.APPLICATIONS, rows.application(1))
    told = rows.application(1, **{field: value})
    assert await bring(db, Kind.APPLICATIONS, told, moment=MOMENT) == refusal(
        field, Reason.CANNOT_CHANGE
    )


async def test_of_two_rows_with_one_key_the_second_is_refused(db: Database) -> None:
    told = await bring(
        db, Kind.CITIZENS, rows.citizen(1), rows.citizen(1, full_name="Б В"), moment=MOMENT
    )
    assert told[0].outcome is Outcome.NEW
    assert told[1:] == refusal(None, Reason.DUPLICATE)
    async with db.read() as session:
        [record] = await session.scalars(select(CitizenRecord))
    assert record.full_name != "Б В"


async def test_a_kindergarten_is_the_same_however_its_name_is_written(db: Database) -> None:
    await outcomes(db, Kind.KINDERGARTENS, rows.kindergarten(latitude=53.1, longitude=69.2))
    told = rows.kindergarten(name='"карлыгаш" бобекжай бакшасы', phone="1")
    assert await outcomes(db, Kind.KINDERGARTENS, told) == [Outcome.CHANGED]
    async with db.read() as session:
        [record] = await session.scalars(select(KindergartenRecord))
    assert (record.phone, record.latitude) == ("1", 53.1)


async def test_letters_that_a_mac_takes_apart_make_no_twin(db: Database) -> None:
    """“й” as one sign or as two looks the same, and is the same."""
    name = "Ясли-сад «Айналайын»"
    apart = normalize("NFD", name)
    assert apart != name
    assert await outcomes(db, Kind.KINDERGARTENS, rows.kindergarten(name=apart)) == [Outcome.NEW]
    same = rows.kindergarten(name=name)
    assert await outcomes(db, Kind.KINDERGARTENS, same) == [Outcome.UNCHANGED]
    district = normalize("NFD", "Көкшетау қаласы")
    place = rows.place(kindergarten=apart, district=district)
    assert await outcomes(db, Kind.PLACES, place) == [Outcome.NEW]


async def test_the_number_of_places_is_told_with_those_that_are_taken_and_held(
    db: Database, clock: TravelClock
) -> None:
    """One is taken by an enrolled child, one is held by a parent who signs."""
    desk = await factories.desk(db, clock)
    place_id = await factories.place(db, free=5)
    people = []
    for number in (1, 2):
        person = await factories.parent(db, clock.now(), number)
        application_id = await factories.application(db, clock.now(), number)
        people.append((person, application_id))
    await desk_chooses(desk, people, place_id)
    async with db.read() as session:
        place = await session.get_one(PlaceRecord, place_id)
        home = await session.get_one(KindergartenRecord, place.kindergarten_id)
    assert place.free == 3
    name = {"kindergarten": home.name, "district": home.district, "language": place.language}
    assert await outcomes(db, Kind.PLACES, rows.place(**name, total=5)) == [Outcome.UNCHANGED]
    assert await outcomes(db, Kind.PLACES, rows.place(**name, total=2)) == [Outcome.CHANGED]
    assert await free(db, place_id) == 0
    assert await bring(db, Kind.PLACES, rows.place(**name, total=1), moment=MOMENT) == refusal(
        "total", Reason.BELOW_TAKEN
    )
    assert await outcomes(db, Kind.PLACES, rows.place(**name, total=9)) == [Outcome.CHANGED]
    assert await free(db, place_id) == 7


async def free(db: Database, place_id: int) -> int:
    async with db.read() as session:
        return (await session.get_one(PlaceRecord, place_id)).free


async def desk_chooses(desk: factories.Desk, people: list[Any], place_id: int) -> None:
    issuing = Applications(desk.db, desk.book)
    for n, (person, application_id) in enumerate(people):
        async with desk.db.read() as session:
            record = await session.get_one(ApplicationRecord, application_id)
        now = desk.clock.now()
        await issuing.issue_voucher(record.registration_number, actor="portal", moment=now)
        await desk.act(application_id, person, Event.CONFIRM_INTEREST)
        if n == 0:
            await desk.act(application_id, person, Event.TAKE_PLACE, place_id=place_id)
        else:
            await desk.press(application_id, person, Event.TAKE_PLACE, place_id=place_id)


async def test_places_need_a_kindergarten_that_is_here(db: Database) -> None:
    assert await bring(db, Kind.PLACES, rows.place(), moment=MOMENT) == refusal(
        "kindergarten", Reason.UNKNOWN_KINDERGARTEN
    )


async def test_twins_among_the_kindergartens_are_never_guessed_at(db: Database) -> None:
    await outcomes(db, Kind.KINDERGARTENS, rows.kindergarten())
    async with db.write() as session:
        [home] = await session.scalars(select(KindergartenRecord))
        columns = {c.name: getattr(home, c.name) for c in home.__table__.columns if c.name != "id"}
        session.add(KindergartenRecord(**columns))
    several = Reason.SEVERAL_KINDERGARTENS
    assert await bring(db, Kind.PLACES, rows.place(), moment=MOMENT) == refusal(
        "kindergarten", several
    )
    assert await bring(db, Kind.KINDERGARTENS, rows.kindergarten(), moment=MOMENT) == refusal(
        "name", several
    )


async def test_a_day_that_is_brought_in_stays_when_the_calendar_is_seeded_anew(
    db: Database,
) -> None:
    assert await outcomes(db, Kind.DAYS, rows.day()) == [Outcome.NEW]
    calendar = await CalendarBook(db).seed(range(2026, 2027))
    assert not calendar.is_working(date(2026, 5, 8))
    plain = rows.day(date="2026-06-03", kind="working day", note=None)
    assert await outcomes(db, Kind.DAYS, plain) == [Outcome.UNCHANGED]
    far = rows.day(date="2031-05-08")
    assert await bring(db, Kind.DAYS, far, moment=MOMENT) == refusal(
        "date", Reason.YEAR_NOT_COVERED
    )


async def test_the_temporary_places_of_years_past_keep_no_file_from_being_read(
    db: Database,
) -> None:
    """Each last day of a leave has left a place of its own; a statement takes 32,767 values."""
    homes = [rows.kindergarten(name=f"Балабақша {n}") for n in range(450)]
    await outcomes(db, Kind.KINDERGARTENS, *homes)
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(30)]
    async with db.write() as session:
        past = {"language": "kk", "mode": "temporary", "free": 0}
        ids = (await session.scalars(select(KindergartenRecord.id))).all()
        told = [{"kindergarten_id": id_, "until": day, **past} for id_ in ids for day in days]
        await session.execute(insert(PlaceRecord), told)
    given = [rows.place(kindergarten=home["name"]) for home in homes]
    given[0] |= {"mode": "temporary", "until": days[7]}
    given[1] |= {"mode": "temporary", "until": "2026-04-30"}
    assert await outcomes(db, Kind.PLACES, *given) == [Outcome.CHANGED, *[Outcome.NEW] * 449]
    assert set(await outcomes(db, Kind.PLACES, *given)) == {Outcome.UNCHANGED}
