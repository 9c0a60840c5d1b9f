"""What the demo's data promise, on both databases."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from core import agenda
from core.applications.rules import WAITING, Event, Status
from core.applications.service import Applications
from core.applications.tables import ApplicationRecord, HistoryRecord
from core.applications.values import NumberedCard
from core.calendar.rules import Calendar, Deadline, count
from core.calendar.service import CalendarBook
from core.citizens.table import TableCitizens
from core.clock import local
from core.db.engine import Database
from core.identity.rules import Iin, Phone
from core.login.values import Person
from core.notices.tables import NoticeRecord
from core.places.districts import DISTRICTS
from core.places.service import Places
from core.places.tables import KindergartenRecord, LeaveRecord, PlaceRecord, StayRecord
from core.places.values import Mode, PlaceFilter, PlaceRow
from core.queue.tables import QueueNumberRecord
from core.sweep import Sweep
from core.watch.impossible import QUERIES
from documents.facts import KINDS
from sandbox.people import birth_date_hint
from seed import people
from seed.people import PEOPLE, START, DeskPerson
from seed.plant import plant


async def _records(database: Database) -> list[ApplicationRecord]:
    async with database.read() as session:
        return list(await session.scalars(select(ApplicationRecord).order_by(ApplicationRecord.id)))


async def _rows(database: Database, district: str) -> list[PlaceRow]:
    """The rows with free places, as a parent pages through them."""
    places = Places(database)
    first = await places.page(district, PlaceFilter(), 0, first_day=START.date())
    rest = [
        await places.page(district, PlaceFilter(), n, first_day=START.date())
        for n in range(1, first.pages)
    ]
    return [row for page in (first, *rest) for row in page.rows]


async def _journal(database: Database, person: DeskPerson) -> list[NumberedCard]:
    somebody = Person(1, Iin(person.iin), person.full_name, Phone(person.phone))
    applications = Applications(database, CalendarBook(database))
    return await applications.journal(somebody, START)


async def test_it_is_planted_once(planted: Database) -> None:
    assert not await plant(planted, START)
    assert len(await _records(planted)) == 300


async def test_nothing_in_it_is_impossible(planted: Database) -> None:
    """Else the first that an operator sees of the demo is an alarm."""
    async with planted.read() as session:
        found = {
            name: (await session.scalars(query(START))).all() for name, query in QUERIES.items()
        }
    assert {name: ids for name, ids in found.items() if ids} == {}


async def test_the_manuals_rows_are_the_free_places_of_kokshetau(planted: Database) -> None:
    """R12: «Мадина» in three languages, temporary places at «Арман», kokshe."""
    rows = await _rows(planted, "kokshetau")
    madina = "«Мадина» білім беру ұйымы ЖМ бөбекжай-бақшасы"
    arman = "ГККП «Ясли-сад «Арман»"
    assert {(r.language, r.kindergarten, r.mode, r.phone, r.free, r.until) for r in rows} == {
        ("ru", madina, Mode.GENERAL, "+7 775 875 9999", 10, None),
        ("kk", madina, Mode.GENERAL, "+7 775 875 9999", 7, None),
        ("en", madina, Mode.GENERAL, "+7 775 875 9999", 100, None),
        ("ru", arman, Mode.TEMPORARY, "+7 771 625 0916", 9, date(2026, 4, 30)),
        ("ru", "kokshe", Mode.GENERAL, "+7 (330) 573-25-47", 9, None),
    }
    assert {r.ownership for r in rows} == {"state"}
    assert [r.address for r in rows if r.kindergarten == arman] == [None]


async def test_nine_sanatorium_leaves_opened_the_places_at_arman(planted: Database) -> None:
    """R15."""
    async with planted.read() as session:
        leaves = (
            await session.scalars(
                select(LeaveRecord)
                .join(PlaceRecord, PlaceRecord.id == LeaveRecord.place_id)
                .join(KindergartenRecord, KindergartenRecord.id == PlaceRecord.kindergarten_id)
                .where(KindergartenRecord.name.contains("Арман"))
            )
        ).all()
    assert [leave.last_day for leave in leaves] == [date(2026, 4, 30)] * 9
    assert all(leave.opened_at and leave.opened_at <= START for leave in leaves)


async def test_a_temporary_place_is_free_or_taken_for_every_leave_that_has_begun(
    planted: Database,
) -> None:
    """R15."""
    async with planted.read() as session:
        leaves = (await session.scalars(select(LeaveRecord))).all()
        places = (
            await session.scalars(select(PlaceRecord).where(PlaceRecord.until.is_not(None)))
        ).all()
        taken = Counter(await session.scalars(select(StayRecord.place_id)))
    begun = Counter(leave.place_id for leave in leaves if leave.opened_at is not None)
    coming = [leave for leave in leaves if leave.opened_at is None]
    assert begun == {place.id: place.free + taken[place.id] for place in places}
    assert taken
    assert coming
    assert all(leave.opens_at > START for leave in coming)


async def test_every_district_has_kindergartens_with_general_places_free(
    planted: Database,
) -> None:
    for district in DISTRICTS:
        general = [r for r in await _rows(planted, district) if r.mode is Mode.GENERAL]
        assert len({row.kindergarten_id for row in general}) >= 2, district


async def test_kindergartens_are_many_and_of_all_sorts(planted: Database) -> None:
    async with planted.read() as session:
        homes = (await session.scalars(select(KindergartenRecord))).all()
        places = (await session.scalars(select(PlaceRecord))).all()
    rows = Counter(place.kindergarten_id for place in places)
    assert len(homes) >= 60
    assert {home.district for home in homes} == set(DISTRICTS)
    assert {home.kind for home in homes} == set(KINDS)
    assert {home.ownership for home in homes} == {"state", "private"}
    assert set(rows) == {home.id for home in homes}
    assert max(rows.values()) <= 3
    assert len({(p.kindergarten_id, p.language, p.mode) for p in places}) == len(places)
    assert any(place.free == 0 for place in places)
    assert all(50 < (h.latitude or 0) < 54 and 66 < (h.longitude or 0) < 74 for h in homes)


async def test_a_russian_keyboard_finds_a_kazakh_name(planted: Database) -> None:
    found = await Places(planted).page(
        "akkol", PlaceFilter(search="карлыгаш"), 0, first_day=START.date()
    )
    assert {row.kindergarten for row in found.rows} == {"«Қарлығаш» бөбекжай-бақшасы МКҚК"}


async def test_applications_are_in_all_statuses(planted: Database) -> None:
    statuses = Counter(record.status for record in await _records(planted))
    assert set(statuses) == {status.value for status in Status}
    assert min(statuses.values()) >= 10


async def test_registration_numbers_follow_the_moment_of_registration(planted: Database) -> None:
    records = sorted(await _records(planted), key=lambda record: record.registered_at)
    numbers = [tuple(map(int, r.registration_number.split(".")[1:])) for r in records]
    assert numbers == sorted(set(numbers))
    assert [local(r.registered_at).year for r in records] == [year for year, _ in numbers]


async def test_nothing_is_due_and_nothing_waits_to_be_sent_when_the_demo_starts(
    planted: Database,
) -> None:
    sweep = Sweep(planted, CalendarBook(planted))
    due = (await agenda.due(planted, START)).sweep
    assert due is not None
    assert due > START + timedelta(hours=1)
    assert await sweep.run(START) == 0
    async with planted.read() as session:
        notices = (await session.scalars(select(NoticeRecord))).all()
    assert {notice.state for notice in notices} == {"pending"}
    assert all(notice.due_at and notice.due_at > START for notice in notices)


async def test_every_running_term_is_counted_by_the_calendar(
    planted: Database, calendar: Calendar
) -> None:
    """D1, D9: the deadlines are those that core computes, and they run."""
    running = [record for record in await _records(planted) if record.ends_at is not None]
    assert {record.status for record in running} == {
        Status.AWAITING_CONFIRMATION.value,
        Status.VOUCHER_ISSUED.value,
        Status.STOP_LIST.value,
    }
    for record in running:
        deadline = Deadline.from_json(record.deadline or {})
        assert deadline == count(calendar, deadline.term, deadline.from_day)
        assert record.ends_at == deadline.ends_at
        assert deadline.ends_at > START


async def test_histories_lead_to_the_statuses(planted: Database) -> None:
    records = await _records(planted)
    async with planted.read() as session:
        lines = (await session.scalars(select(HistoryRecord).order_by(HistoryRecord.id))).all()
    for record in records:
        past = [line for line in lines if line.application_id == record.id]
        assert past[0].event == "registered"
        assert [line.at for line in past] == sorted(line.at for line in past)
        assert past[0].at == record.registered_at
        assert past[-1].at < START
        assert [line.from_status for line in past[1:]] == [line.to_status for line in past[:-1]]
        assert past[-1].to_status == record.status
        assert record.version == len(past)


async def test_the_enrolled_have_a_place_in_their_district(planted: Database) -> None:
    """D10."""
    enrolled = [r for r in await _records(planted) if r.status == Status.ENROLLED]
    places = Places(planted)
    for record in enrolled:
        place = await places.place(record.place_id or 0)
        assert place is not None
        assert (place.district, place.mode) == (record.district, Mode.GENERAL)


async def test_iins_are_valid_unique_and_tell_the_birth_date(planted: Database) -> None:
    records = await _records(planted)
    children = {record.child_iin: record.child_birth_date for record in records}
    applicants = {record.applicant_iin: record.applicant_birth_date for record in records}
    at_the_desk = {person.iin: person.birth_date for person in PEOPLE}
    assert len(children) == 300
    assert len(applicants) == 299  # one applicant has two children
    assert not children.keys() & (applicants.keys() | at_the_desk.keys())
    for iin, born in (children | applicants | at_the_desk).items():
        assert birth_date_hint(Iin(iin).value) == born


async def test_the_manuals_application_is_the_first_persons(planted: Database) -> None:
    """R5: as the manual shows it, number 1 of its stage, and still in the queue."""
    (card,) = await _journal(planted, PEOPLE[0])
    assert card.registration_number == "ОДО.2026.248"
    assert card.registered_at == datetime(2026, 4, 7, 6, 21, 8, tzinfo=UTC)
    assert (card.district, card.status, card.queue_number) == ("kokshetau", Status.IN_QUEUE, 1)
    assert card.category.kk == (
        "кезекте тұрған, жасы бойынша 3 жасқа толған балалар, кезекке қойылған күні бойынша"
    )
    assert card.child.birth_date == date(2022, 9, 17)
    assert card.child.privilege is None
    assert (card.applicant.phone, card.applicant.email) == ("75432425777", "fd@phg")
    assert card.actions == {Event.REMOVE_FROM_QUEUE}


async def test_the_second_person_has_two_children_near_the_top(planted: Database) -> None:
    cards = await _journal(planted, PEOPLE[1])
    assert [card.status for card in cards] == [Status.IN_QUEUE] * 2
    assert len({card.district for card in cards}) == 1
    assert all(card.queue_number and card.queue_number <= 3 for card in cards)
    applications = Applications(planted, CalendarBook(planted))
    for card in cards:
        numbers = [change.number for change in await applications.numbers(card.id)]
        assert numbers[0] == card.queue_number
        assert numbers == sorted(set(numbers))


async def test_the_others_at_the_desk_are_in_situations_of_their_own(planted: Database) -> None:
    (stopped,) = await _journal(planted, people.DAUREN)
    assert Event.RESTORE in stopped.actions
    (restored,) = await _journal(planted, people.OLGA)
    assert (restored.status, restored.restored) == (Status.IN_QUEUE, True)
    (choosing,) = await _journal(planted, people.GULNAR)
    assert choosing.deadline is not None
    assert choosing.deadline.last_day == date(2026, 4, 10)
    assert Event.TAKE_PLACE in choosing.actions
    (enrolled,) = await _journal(planted, people.PAVEL)
    assert (enrolled.status, enrolled.signed) == (Status.ENROLLED, True)
    assert enrolled.place is not None
    (archived,) = await _journal(planted, people.ZHANNA)
    assert archived.archived_because is Event.CHOOSING_MISSED
    (staying,) = await _journal(planted, people.TIMUR)
    assert staying.stay is not None
    assert (staying.status, people.TIMUR.language_code) == (Status.IN_QUEUE, "en")
    assert await _journal(planted, people.MADINA) == []


async def test_everybody_at_the_desk_is_known_to_the_citizens_base(planted: Database) -> None:
    """R3."""
    citizens = TableCitizens(planted)
    for person in PEOPLE:
        found = await citizens.find(Iin(person.iin), Phone(person.phone))
        assert found is not None
        assert (found.full_name, found.birth_date) == (person.full_name, person.birth_date)


async def test_every_waiting_application_has_its_number_noted(planted: Database) -> None:
    waiting = {r.id for r in await _records(planted) if Status(r.status) in WAITING}
    async with planted.read() as session:
        noted = set(await session.scalars(select(QueueNumberRecord.application_id)))
    assert noted == waiting


async def test_the_calendar_and_the_night_are_ready(planted: Database) -> None:
    book = await CalendarBook(planted).load()
    assert not any(book.is_working(date(year, 1, 1)) for year in range(2024, 2029))
    due = (await agenda.due(planted, START)).sweep
    assert due is not None
    assert local(due).date() == date(2026, 4, 8)
