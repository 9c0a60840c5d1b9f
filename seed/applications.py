"""300 applications (R5): those of the people at the desk, and invented families around them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random

from core.applications.rules import WAITING, Status
from core.applications.tables import ApplicationRecord
from core.calendar.rules import Calendar
from core.clock import ALMATY, local
from core.places.districts import DISTRICTS
from seed import names, stories
from seed.categories import AGED_3, PRIVILEGES, category_of
from seed.people import START, DeskPerson
from seed.stories import STORIES, Step

TOTAL = 300
OF_2026 = 248
"""The manual's application is the last of them: ОДО.2026.248."""

CROWDED = {"kokshetau": 8, "kosshy": 6, "tselinograd": 5, "stepnogorsk": 4, "burabay": 4}
WITH_PRIVILEGE = 0.15
HAD_THEIR_TURN = 0.55
"""Share of those at the head of a queue for whom something has happened."""

MANUALS = ("kokshetau", AGED_3)
"""The stage in which the manual's application is number 1: nobody waits there before it."""


@dataclass
class Filed:
    """An application as it was filed, and what has happened to it since. `signer` is the person
    at the desk who filed it."""

    record: ApplicationRecord
    steps: tuple[Step, ...] = ()
    signer: DeskPerson | None = None

    @property
    def queue(self) -> tuple[str, str]:
        """District and category: one queue."""
        return self.record.district, self.record.category

    @property
    def waits_unserved(self) -> bool:
        """Somebody at the desk whose turn is still to come."""
        return self.signer is not None and not self.steps


def file(
    *,
    registered_at: datetime,
    district: str,
    applicant: dict[str, object],
    child_iin: str,
    child: names.Named,
    born: date,
    privilege: str | None,
) -> ApplicationRecord:
    """A new application, in the queue, without a number yet. `applicant` holds its columns."""
    return ApplicationRecord(
        registration_number="",
        registered_at=registered_at,
        district=district,
        category=category_of(born, privilege, START.date()),
        **applicant,
        child_iin=child_iin,
        child_name=child.full,
        child_given_name=child.given,
        child_birth_date=born,
        privilege=privilege,
        status=Status.IN_QUEUE.value,
        version=1,
        restored_at=None,
        archived_because=None,
        deadline=None,
        ends_at=None,
        next_event_at=None,
        missed=None,
        place_id=None,
    )


def number_of(filed: Filed, everybody: Iterable[Filed]) -> int:
    """The queue number (R5): how many of that queue wait, up to this one."""
    return sum(
        other.queue == filed.queue
        and other.record.status in WAITING
        and other.record.registered_at <= filed.record.registered_at
        for other in everybody
    )


def with_others(
    theirs: list[Filed],
    registry: names.Registry,
    stay_districts: set[str],
    calendar: Calendar,
    random: Random,
) -> list[Filed]:
    """`theirs` and invented families, 300 in all, in the order of registration and numbered."""
    this_year = sum(filed.record.registered_at.year == START.year for filed in theirs)
    earlier = len(theirs) - this_year
    moments = [
        _moment(random, date(2026, 1, 5), date(2026, 4, 5)) for _ in range(OF_2026 - this_year)
    ] + [
        _moment(random, date(2024, 9, 2), date(2025, 12, 30))
        for _ in range(TOTAL - OF_2026 - earlier)
    ]
    others = [Filed(_invent(moment, registry, random)) for moment in moments]
    everybody = sorted(theirs + others, key=lambda filed: filed.record.registered_at)
    _number(everybody, random)
    _serve(everybody, stay_districts, calendar, random)
    return everybody


def _moment(random: Random, first: date, last: date) -> datetime:
    """Some moment between seven and eleven in the evening: the portal takes applications daily."""
    day = first + timedelta(days=random.randint(0, (last - first).days))
    clock = time(random.randrange(7, 23), random.randrange(60), random.randrange(60))
    return datetime.combine(day, clock, tzinfo=ALMATY)


def _invent(moment: datetime, registry: names.Registry, random: Random) -> ApplicationRecord:
    tongue, surname = names.family(random)
    mother = random.random() < 0.8
    parent = names.name(random, tongue, surname, female=mother)
    parent_born = date(1982, 1, 1) + timedelta(days=random.randrange(6200))
    daughter = random.random() < 0.5
    born = min(date(2021, 1, 1) + timedelta(days=random.randrange(1430)), _before(moment))
    privilege = random.choice(PRIVILEGES)[0] if random.random() < WITH_PRIVILEGE else None
    number = random.randrange(100, 1000)
    district = random.choices(
        list(DISTRICTS), weights=[CROWDED.get(code, 2) for code in DISTRICTS]
    )[0]
    return file(
        registered_at=moment,
        district=district,
        applicant={
            "applicant_iin": registry.iin(parent_born, female=mother),
            "applicant_name": parent.full,
            "applicant_birth_date": parent_born,
            "applicant_phone": registry.phone(),
            "applicant_email": f"ata-ana.{number}@example.com" if number % 3 else None,
            "applicant_address": address(district, random),
        },
        child_iin=registry.iin(born, female=daughter),
        child=names.name(random, tongue, surname, female=daughter),
        born=born,
        privilege=privilege,
    )


def _before(moment: datetime) -> date:
    """A child is at least two months old when the application is filed."""
    return moment.date() - timedelta(days=60)


def address(district: str, random: Random) -> str:
    """A registered address in that district."""
    street, house = random.choice(names.STREETS), random.randint(1, 96)
    return f"{DISTRICTS[district].kk}, {street} көшесі, {house}-үй"


def _number(everybody: Iterable[Filed], random: Random) -> None:
    """Registration numbers in the order of registration; of 2026 without a gap."""
    numbers = {2024: count(1800), 2025: count(31), START.year: count(1)}
    for filed in everybody:
        year = local(filed.record.registered_at).year
        number = next(numbers[year])
        if year != START.year:  # the others of those years have long left the queue
            numbers[year] = count(number + random.randint(2, 30))
        filed.record.registration_number = f"ОДО.{year}.{number}"


def _serve(
    everybody: list[Filed], stay_districts: set[str], calendar: Calendar, random: Random
) -> None:
    """Give the first of every queue a story; nobody is served before a waiting desk person."""
    queues: dict[tuple[str, str], list[Filed]] = defaultdict(list)
    for filed in everybody:
        queues[filed.queue].append(filed)
    for queue in queues.values():
        served = len(queue) if queue[0].queue == MANUALS else round(len(queue) * HAD_THEIR_TURN)
        for filed in queue[:served]:
            if filed.waits_unserved:
                break
            if filed.signer is None:
                filed.steps = _told(filed, stay_districts, calendar, random)


def _told(
    filed: Filed, stay_districts: set[str], calendar: Calendar, random: Random
) -> tuple[Step, ...]:
    registered_at = filed.record.registered_at
    fitting = [
        story
        for story in STORIES
        if stories.possible(story, registered_at)
        and (story.over or filed.queue != MANUALS)
        and (not story.stays or filed.record.district in stay_districts)
    ]
    if not fitting:
        return ()
    story = random.choices(fitting, weights=[story.weight for story in fitting])[0]
    return stories.tell(story, registered_at, calendar, random)
