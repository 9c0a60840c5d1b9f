"""The shapes of what the portal sends: JSON's types and sizes. What the values mean, and which are
right, `core.registry` tells: it reads the same fields from files."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, create_model

from core.places.districts import DISTRICTS
from core.portal.values import BATCH, MOST
from core.registry.vocabulary import (
    DAY_WORDS,
    HOME_WORDS,
    LANGUAGE_WORDS,
    MODE_WORDS,
    OWNERSHIP_WORDS,
)
from core.vouchers.values import Reason

STORABLE = r"^[^\x00]*$"
"""PostgreSQL keeps no NUL in a text."""

Text = Annotated[str, Field(min_length=1, max_length=300, pattern=STORABLE)]
Optional = Annotated[str, Field(max_length=300, pattern=STORABLE)] | None
Day = Annotated[Text, Field(json_schema_extra={"format": "date"}, examples=["2026-05-08"])]
Number = Annotated[
    str, Field(min_length=1, max_length=40, pattern=STORABLE, examples=["ОДО.2026.248"])
]
Person = Annotated[Text, Field(description="twelve digits with a right check digit")]
Mobile = Annotated[Text, Field(description="mobile, of Kazakhstan", examples=["+77750000001"])]


def _word(codes: Iterable[str]) -> Any:
    """A text that is one of these codes, or a name that the registry knows for it."""
    known = sorted(set(codes))
    words = f"one of {', '.join(known)}; or its name in Kazakh, Russian or English"
    return Field(description=words, examples=known[:2])


District = Annotated[Text, _word(DISTRICTS)]


class Shape(BaseModel):
    """Fields that are not named here are ignored."""

    model_config = ConfigDict(extra="ignore")


class Citizen(Shape):
    """A person of the citizens' base, by IIN."""

    iin: Person
    phone: Mobile
    full_name: Text
    birth_date: Day


class Application(Shape):
    """A queue application, by registration number. A new one enters the queue; of one that is here
    the personal data, category and privilege may change, and nothing else."""

    registration_number: Number
    registered_at: Annotated[
        Text,
        Field(json_schema_extra={"format": "date-time"}, examples=["2026-04-07T11:22:10+05:00"]),
    ]
    district: District
    category: Annotated[Text, Field(description="queue stage: code or name", examples=["aged_3"])]
    applicant_iin: Person
    applicant_name: Text
    applicant_birth_date: Day
    applicant_phone: Mobile
    applicant_address: Text
    child_iin: Person
    child_name: Text
    child_birth_date: Day
    applicant_email: Optional = None
    child_given_name: Optional = None
    privilege: Annotated[Optional, Field(description="code or name; null: none")] = None


class Kindergarten(Shape):
    """A kindergarten, by district and name."""

    district: District
    name: Text
    kind: Annotated[Text, _word(HOME_WORDS.values())]
    ownership: Annotated[Text, _word(OWNERSHIP_WORDS.values())]
    phone: Annotated[str, Field(min_length=1, max_length=100, pattern=STORABLE)]
    address: Text
    latitude: Annotated[float, Field(strict=True, ge=-90, le=90, allow_inf_nan=False)] | None = None
    longitude: Annotated[float, Field(strict=True, ge=-180, le=180, allow_inf_nan=False)] | None = (
        None
    )


class Place(Shape):
    """The places of a kindergarten in one language and mode, and until a day if they are
    temporary. `total` counts those that are taken, too."""

    district: District
    kindergarten: Annotated[Text, Field(description="its name")]
    language: Annotated[Text, _word(LANGUAGE_WORDS.values())]
    mode: Annotated[Text, _word(MODE_WORDS.values())]
    total: Annotated[int, Field(strict=True, ge=0, le=2000)]
    until: Day | None = None


class CalendarDay(Shape):
    """A day of the calendar of working days, by its date."""

    date: Day
    kind: Annotated[Text, _word(DAY_WORDS.values())]
    note: Optional = None


class Voucher(Shape):
    """Whose turn has come."""

    registration_number: Number


class Withdrawal(Shape):
    """A voucher that was issued by mistake: the child is where it stood in the queue, and the
    parent is told why."""

    registration_number: Number
    reason: Literal[*(reason.value for reason in Reason)]  # type: ignore[valid-type]


DATA: dict[str, type[Shape]] = {
    "citizen.put": Citizen,
    "application.put": Application,
    "kindergarten.put": Kindergarten,
    "place.put": Place,
    "calendar_day.put": CalendarDay,
    "voucher.issue": Voucher,
    "voucher.withdraw": Withdrawal,
}
"""What each type brings along."""


class Envelope(Shape):
    """What every event is wrapped in. `at` is when it happened at the sender's."""

    id: Annotated[
        str,
        Field(
            min_length=1, max_length=64, pattern=STORABLE, description="names the event for ever"
        ),
    ]
    type: Annotated[str, Field(max_length=40)]
    at: AwareDatetime
    data: dict[str, Any]


class ItemShape(Shape):
    """One item of a batch."""

    type: Annotated[str, Field(max_length=40)]
    data: dict[str, Any]


class BatchData(Shape):
    """The items of a batch, before any of them is looked at."""

    events: Annotated[list[Any], Field(min_length=1, max_length=MOST)]


def _named(type_: str) -> str:
    return "".join(part.capitalize() for part in type_.replace("_", ".").split("."))


def _typed(type_: str, data: Any) -> dict[str, Any]:
    return {"type": (Literal[type_], ...), "data": (data, ...)}


EVENTS = {
    type_: create_model(_named(type_), __base__=Envelope, **_typed(type_, data))
    for type_, data in DATA.items()
}
"""Each type in its envelope: for the document, which has them one by one."""
ITEMS = {
    type_: create_model(f"{_named(type_)}Item", __base__=Shape, **_typed(type_, data))
    for type_, data in DATA.items()
}
ANY_ITEM: Any = Annotated[reduce(or_, ITEMS.values()), Field(discriminator="type")]
BATCH_ITEMS = create_model(
    "BatchItems",
    __base__=Shape,
    events=(Annotated[list[ANY_ITEM], Field(min_length=1, max_length=MOST)], ...),
)
EVENTS[BATCH] = create_model("Batch", __base__=Envelope, **_typed(BATCH, BATCH_ITEMS))
ANY_EVENT: Any = Annotated[reduce(or_, EVENTS.values()), Field(discriminator="type")]
