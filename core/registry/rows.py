"""The rows of the five kinds: which fields each has, and how one is read from cells or JSON.

`read(kind, raw, reading)` gives a row, or every problem it has. `to_json` and `from_json` keep a
row that has been read, until it is brought in.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

from core.places.search import fold
from core.places.values import Mode
from core.registry import readers
from core.registry.values import Kind, Problem, Reason, Wrong
from core.registry.vocabulary import (
    DAY_WORDS,
    DISTRICT_WORDS,
    HOME_WORDS,
    LANGUAGE_WORDS,
    MODE_WORDS,
    OWNERSHIP_WORDS,
    Vocabulary,
)

MOST_PLACES = 2_000
"""Places of one kindergarten, language and mode: more is a slip of the pen."""


@dataclass(frozen=True, repr=False, slots=True)
class CitizenRow:
    """A person of the citizens' base, by IIN; `phone` in E.164."""

    iin: str
    phone: str
    full_name: str
    birth_date: dt.date

    @property
    def key(self) -> str:
        return self.iin


@dataclass(frozen=True, repr=False, slots=True)
class ApplicationRow:
    """A queue application, by registration number; `registered_at` in UTC."""

    registration_number: str
    registered_at: dt.datetime
    district: str
    category: str
    applicant_iin: str
    applicant_name: str
    applicant_birth_date: dt.date
    applicant_phone: str
    applicant_address: str
    child_iin: str
    child_name: str
    child_birth_date: dt.date
    applicant_email: str | None = None
    child_given_name: str | None = None
    privilege: str | None = None

    @property
    def key(self) -> str:
        return self.registration_number

    @property
    def given_name(self) -> str:
        """What the child is called: as given, else the second word of «surname, name, …»."""
        if self.child_given_name:
            return self.child_given_name
        words = self.child_name.split()
        return words[1] if len(words) > 1 else words[0]


@dataclass(frozen=True, repr=False, slots=True)
class KindergartenRow:
    """A kindergarten, by district and name; how the name is written (case, quotation marks) does
    not make another one."""

    district: str
    name: str
    kind: str
    ownership: str
    phone: str
    address: str
    latitude: float | None = None
    longitude: float | None = None

    @property
    def key(self) -> str:
        return f"{self.district}/{fold(self.name)}"


@dataclass(frozen=True, repr=False, slots=True)
class PlaceRow:
    """The places of a kindergarten in one language and mode, and until a day. `total` counts
    those that are taken and held too, but none that a sanatorium leave has lent."""

    district: str
    kindergarten: str
    language: str
    mode: str
    total: int
    until: dt.date | None = None

    @property
    def home(self) -> str:
        """The key of its kindergarten."""
        return f"{self.district}/{fold(self.kindergarten)}"

    @property
    def key(self) -> str:
        return f"{self.home}/{self.language}/{self.mode}/{self.until or ''}"


@dataclass(frozen=True, repr=False, slots=True)
class DayRow:
    """A day of the calendar, by its date; `note` is a holiday's name."""

    date: dt.date
    kind: str
    note: str | None = None

    @property
    def key(self) -> str:
        return self.date.isoformat()


Row = CitizenRow | ApplicationRow | KindergartenRow | PlaceRow | DayRow
ROWS: dict[Kind, type[Row]] = {
    Kind.CITIZENS: CitizenRow,
    Kind.APPLICATIONS: ApplicationRow,
    Kind.KINDERGARTENS: KindergartenRow,
    Kind.PLACES: PlaceRow,
    Kind.DAYS: DayRow,
}
OPTIONAL: dict[Kind, frozenset[str]] = {
    kind: frozenset(f.name for f in fields(row) if f.default is None) for kind, row in ROWS.items()
}
FIELDS: dict[Kind, tuple[str, ...]] = {
    kind: tuple(f.name for f in fields(row)) for kind, row in ROWS.items()
}

Reader = Callable[[object], Any]


class Reading:
    """How the fields are read: today's words, on a given day. Made once for many rows."""

    def __init__(self, words: Vocabulary, today: dt.date) -> None:
        district = partial(readers.word, known=DISTRICT_WORDS)
        born = partial(readers.past_day, today=today)
        number = readers.short(40)
        self.of: dict[Kind, dict[str, Reader]] = {
            Kind.CITIZENS: {
                "iin": readers.iin,
                "phone": readers.phone,
                "full_name": readers.name,
                "birth_date": born,
            },
            Kind.APPLICATIONS: {
                "registration_number": number,
                "registered_at": partial(readers.instant, today=today),
                "district": district,
                "category": partial(readers.word, known=words.categories),
                "applicant_iin": readers.iin,
                "applicant_name": readers.name,
                "applicant_birth_date": born,
                "applicant_phone": readers.phone,
                "applicant_address": readers.name,
                "child_iin": readers.iin,
                "child_name": readers.name,
                "child_birth_date": born,
                "applicant_email": readers.text,
                "child_given_name": readers.name,
                "privilege": partial(readers.word_or_none, known=words.privileges),
            },
            Kind.KINDERGARTENS: {
                "district": district,
                "name": readers.name,
                "kind": partial(readers.word, known=HOME_WORDS),
                "ownership": partial(readers.word, known=OWNERSHIP_WORDS),
                "phone": readers.short(100),
                "address": readers.name,
                "latitude": readers.degrees(90),
                "longitude": readers.degrees(180),
            },
            Kind.PLACES: {
                "district": district,
                "kindergarten": readers.name,
                "language": partial(readers.word, known=LANGUAGE_WORDS),
                "mode": partial(readers.word, known=MODE_WORDS),
                "total": partial(readers.whole, most=MOST_PLACES),
                "until": readers.day,
            },
            Kind.DAYS: {
                "date": readers.day,
                "kind": partial(readers.word, known=DAY_WORDS),
                "note": readers.text,
            },
        }


def read(kind: Kind, raw: Mapping[str, object], reading: Reading) -> Row | tuple[Problem, ...]:
    """The row that `raw` (field -> cell or JSON value) tells, or all that is wrong with it."""
    shape = reading.of[kind]
    problems = [Problem(None, Reason.UNKNOWN_FIELD)] if raw.keys() - shape.keys() else []
    values: dict[str, Any] = {}
    for field, reader in shape.items():
        try:
            value = reader(raw.get(field))
            if value is None and field not in OPTIONAL[kind]:
                raise Wrong(Reason.MISSING)
        except Wrong as wrong:
            problems.append(Problem(field, wrong.reason))
        else:
            values[field] = value
    if not problems:
        row = ROWS[kind](**values)
        problems = list(_between_fields(row))
    return tuple(problems) or row


def _between_fields(row: Row) -> list[Problem]:
    """What only several fields together tell."""
    if isinstance(row, PlaceRow):
        if row.mode == Mode.TEMPORARY and row.until is None:
            return [Problem("until", Reason.UNTIL_NEEDED)]
        if row.mode == Mode.GENERAL and row.until is not None:
            return [Problem("until", Reason.UNTIL_WITHOUT_END)]
    if isinstance(row, KindergartenRow) and (row.latitude is None) != (row.longitude is None):
        return [Problem("latitude" if row.latitude is None else "longitude", Reason.MISSING)]
    return []


def to_json(row: Row) -> dict[str, Any]:
    """The row as plain JSON values."""
    told = {f.name: getattr(row, f.name) for f in fields(row)}
    return {k: v.isoformat() if isinstance(v, dt.date) else v for k, v in told.items()}


DAYS = {"birth_date", "applicant_birth_date", "child_birth_date", "until", "date"}
MOMENTS = {"registered_at"}


def from_json(kind: Kind, kept: Mapping[str, Any]) -> Row:
    """The row that `to_json` kept."""
    values: dict[str, Any] = dict(kept)
    for field in values.keys() & DAYS:
        values[field] = values[field] and dt.date.fromisoformat(values[field])
    for field in values.keys() & MOMENTS:
        values[field] = dt.datetime.fromisoformat(values[field])
    return ROWS[kind](**values)
