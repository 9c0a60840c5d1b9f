"""The applications of the people at the desk, each in a situation of its own."""

from datetime import date, datetime
from random import Random

from core.applications.rules import Event
from core.applications.tables import ApplicationRecord
from core.clock import ALMATY
from seed import people
from seed.applications import Filed, address, file
from seed.names import Named, Registry
from seed.people import DeskPerson
from seed.stories import Step

MANUALS_NUMBER = "ОДО.2026.248"


def theirs(registry: Registry, random: Random) -> list[Filed]:
    """All of them, in no order."""
    return [
        _manuals(registry),
        *_two_children(registry, random),
        _on_the_stop_list(registry, random),
        _restored(registry, random),
        _choosing(registry, random),
        _enrolled(registry, random),
        _archived(registry, random),
        _on_a_stay(registry, random),
    ]


def _at(year: int, month: int, day: int, hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=ALMATY)


def _applicant(
    person: DeskPerson, living_at: str, phone: str | None = None, email: str | None = None
) -> dict[str, object]:
    return {
        "applicant_iin": person.iin,
        "applicant_name": person.full_name,
        "applicant_birth_date": person.birth_date,
        "applicant_phone": phone or person.phone,
        "applicant_email": email,
        "applicant_address": living_at,
    }


def _manuals(registry: Registry) -> Filed:
    """R5, as the manual shows it: phone and e-mail are the manual's too."""
    born = date(2022, 9, 17)
    record = file(
        registered_at=_at(2026, 4, 7, 11, 21, 8),
        district="kokshetau",
        applicant=_applicant(
            people.AINUR,
            "Көкшетау қаласы, Абай көшесі, 12-үй, 34-пәтер",
            phone="75432425777",
            email="fd@phg",
        ),
        child_iin=registry.iin(born, female=False),
        child=Named("Сәрсенов Арлан Ерланұлы", "Арлан"),
        born=born,
        privilege=None,
    )
    return Filed(record, signer=people.AINUR)


def _two_children(registry: Registry, random: Random) -> list[Filed]:
    living_at = address("kosshy", random)

    def child(registered_at: datetime, named: Named, born: date, *, female: bool) -> Filed:
        record = file(
            registered_at=registered_at,
            district="kosshy",
            applicant=_applicant(people.ELENA, living_at, email="elena@example.com"),
            child_iin=registry.iin(born, female=female),
            child=named,
            born=born,
            privilege=None,
        )
        return Filed(record, signer=people.ELENA)

    sofia, mark = Named("Рябова София Денисовна", "София"), Named("Рябов Марк Денисович", "Марк")
    return [
        child(_at(2025, 11, 12, 9, 2, 41), sofia, date(2022, 10, 8), female=True),
        child(_at(2025, 12, 1, 20, 15, 6), mark, date(2024, 5, 19), female=False),
    ]


def _on_the_stop_list(registry: Registry, random: Random) -> Filed:
    born = date(2023, 2, 11)
    record = _one(
        people.DAUREN,
        _at(2025, 9, 2, 8, 30, 12),
        "stepnogorsk",
        Named("Оспанова Айым Дәуренқызы", "Айым"),
        registry.iin(born, female=True),
        born,
        random,
    )
    steps = (
        Step(Event.ISSUE_VOUCHER, _at(2026, 3, 30, 10, 5)),
        Step(Event.CONFIRMATION_MISSED, None),
    )
    return Filed(record, steps, people.DAUREN)


def _restored(registry: Registry, random: Random) -> Filed:
    born = date(2021, 12, 3)
    record = _one(
        people.OLGA,
        _at(2025, 5, 19, 13, 44, 50),
        "bulandy",
        Named("Гончар Никита Олегович", "Никита"),
        registry.iin(born, female=False),
        born,
        random,
    )
    steps = (
        Step(Event.ISSUE_VOUCHER, _at(2026, 2, 17, 11, 20)),
        Step(Event.CONFIRMATION_MISSED, None),
        Step(Event.RESTORE, _at(2026, 3, 11, 10, 24, 33)),
    )
    return Filed(record, steps, people.OLGA)


def _choosing(registry: Registry, random: Random) -> Filed:
    born = date(2023, 6, 27)
    record = _one(
        people.GULNAR,
        _at(2025, 7, 1, 10, 0, 3),
        "tselinograd",
        Named("Тілеуов Әмір Русланұлы", "Әмір"),
        registry.iin(born, female=False),
        born,
        random,
        privilege="large_family",
    )
    steps = (
        Step(Event.ISSUE_VOUCHER, _at(2026, 4, 2, 10, 5)),
        Step(Event.CONFIRM_INTEREST, _at(2026, 4, 3, 14, 40, 18)),
    )
    return Filed(record, steps, people.GULNAR)


def _enrolled(registry: Registry, random: Random) -> Filed:
    born = date(2022, 4, 30)
    record = _one(
        people.PAVEL,
        _at(2025, 3, 11, 18, 9, 27),
        "atbasar",
        Named("Литвин Вера Павловна", "Вера"),
        registry.iin(born, female=True),
        born,
        random,
    )
    steps = (
        Step(Event.ISSUE_VOUCHER, _at(2026, 3, 10, 9, 30)),
        Step(Event.CONFIRM_INTEREST, _at(2026, 3, 11, 12, 2, 55)),
        Step(Event.TAKE_PLACE, _at(2026, 3, 13, 16, 48, 10)),
    )
    return Filed(record, steps, people.PAVEL)


def _archived(registry: Registry, random: Random) -> Filed:
    born = date(2021, 8, 15)
    record = _one(
        people.ZHANNA,
        _at(2025, 4, 28, 7, 55, 39),
        "akkol",
        Named("Қасымов Дамир Айдарұлы", "Дамир"),
        registry.iin(born, female=False),
        born,
        random,
    )
    steps = (
        Step(Event.ISSUE_VOUCHER, _at(2026, 3, 2, 10, 15)),
        Step(Event.CONFIRM_INTEREST, _at(2026, 3, 3, 9, 41, 2)),
        Step(Event.CHOOSING_MISSED, None),
    )
    return Filed(record, steps, people.ZHANNA)


def _on_a_stay(registry: Registry, random: Random) -> Filed:
    born = date(2022, 12, 20)
    record = _one(
        people.TIMUR,
        _at(2025, 6, 16, 21, 30, 44),
        "burabay",
        Named("Вагнер Анна Тимуровна", "Анна"),
        registry.iin(born, female=True),
        born,
        random,
    )
    steps = (
        Step(Event.ISSUE_VOUCHER, _at(2026, 3, 26, 9, 50)),
        Step(Event.CONFIRM_INTEREST, _at(2026, 3, 27, 10, 11, 29)),
        Step(Event.TAKE_TEMPORARY_PLACE, _at(2026, 3, 30, 17, 5, 40)),
    )
    return Filed(record, steps, people.TIMUR)


def _one(
    person: DeskPerson,
    registered_at: datetime,
    district: str,
    child: Named,
    child_iin: str,
    born: date,
    random: Random,
    privilege: str | None = None,
) -> ApplicationRecord:
    return file(
        registered_at=registered_at,
        district=district,
        applicant=_applicant(person, address(district, random)),
        child_iin=child_iin,
        child=child,
        born=born,
        privilege=privilege,
    )
