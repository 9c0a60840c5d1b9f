"""Kindergartens and their places: the manual's three (R12) and invented ones in every district."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.clock import start_of
from core.places.search import fold
from core.places.tables import KindergartenRecord, LeaveRecord, PlaceRecord
from core.places.values import Mode

FILE = Path(__file__).with_name("kindergartens.csv")
"""One row a kindergarten; `places` holds mode:language:free, and :until of a temporary place."""

LEFT_ON = (
    date(2026, 3, 16),
    date(2026, 3, 18),
    date(2026, 3, 30),
    date(2026, 4, 1),
    date(2026, 4, 6),
)
"""First days of the sanatorium leaves that have begun (R15)."""

TO_LEAVE = ("burabay", date(2026, 4, 20))
"""A leave that begins during the demo: that day one more temporary place opens there."""


@dataclass(frozen=True)
class Home:
    """A kindergarten with its places."""

    record: KindergartenRecord
    places: tuple[PlaceRecord, ...]


def homes() -> list[Home]:
    """All kindergartens, not yet in a database: their places carry no kindergarten's id."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [_home(row) for row in csv.DictReader(file, delimiter=";", quoting=csv.QUOTE_NONE)]


def _home(row: dict[str, str]) -> Home:
    record = KindergartenRecord(
        district=row["district"],
        name=row["name"],
        folded_name=fold(row["name"]),
        kind=row["kind"],
        ownership=row["ownership"],
        phone=row["phone"],
        address=row["address"],
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
    )
    return Home(record, tuple(_place(told) for told in row["places"].split()))


def _place(told: str) -> PlaceRecord:
    mode, language, free, *until = told.split(":")
    return PlaceRecord(
        language=language,
        mode=Mode(mode).value,
        free=int(free),
        until=date.fromisoformat(until[0]) if until else None,
    )


def leaves(home: Home, stays: dict[int, int]) -> list[LeaveRecord]:
    """The leaves behind a kindergarten's temporary places: one for each that is free, one for
    each that is taken by a stay (`stays`: place id -> how many), and the one to come."""
    return [
        _leave(place, first_day, begun=first_day in LEFT_ON)
        for place in home.places
        if place.until is not None
        for first_day in _first_days(home.record.district, place.free + stays.get(place.id, 0))
    ]


def _first_days(district: str, begun: int) -> list[date]:
    first_days = [LEFT_ON[n % len(LEFT_ON)] for n in range(begun)]
    return [*first_days, TO_LEAVE[1]] if district == TO_LEAVE[0] else first_days


def _leave(place: PlaceRecord, first_day: date, *, begun: bool) -> LeaveRecord:
    assert place.until is not None
    opens_at = start_of(first_day)
    return LeaveRecord(
        place_id=place.id,
        first_day=first_day,
        last_day=place.until,
        opens_at=opens_at,
        opened_at=opens_at if begun else None,
    )
