"""Applications and places as the screens get them: the manual's own (R5, R12), in any status."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from aiogram.types import InlineKeyboardMarkup

from bot.screens.base import Screen
from core.applications.rules import (
    CHOOSING,
    CONFIRMING,
    RESTORING,
    Event,
    Situation,
    Status,
    allowed,
)
from core.applications.values import Applicant, Child, NumberedCard, Stay
from core.calendar.rules import Deadline, Term, count
from core.calendar.seed import seeded_calendar
from core.clock import ALMATY, start_of
from core.identity.rules import Iin, Phone
from core.named import Named
from core.places.values import Mode, PlaceRow

CALENDAR = seeded_calendar(range(2026, 2028))
NOW = datetime(2026, 4, 7, 12, 0, tzinfo=ALMATY)
TODAY = date(2026, 4, 7)
PHONE = Phone.parse("87758759999")

TERMS: dict[Status, Term] = {
    Status.AWAITING_CONFIRMATION: CONFIRMING,
    Status.VOUCHER_ISSUED: CHOOSING,
    Status.STOP_LIST: RESTORING,
}

MADINA = PlaceRow(
    id=1,
    kindergarten_id=1,
    kindergarten='"Мадина" білім беру ұйымы" ЖМ бөбекжай-бақшасы',
    kind="nursery_garden",
    ownership="state",
    phone="+7 775 875 9999",
    address="Көкшетау, Абай көшесі, 1",
    language="kk",
    mode=Mode.GENERAL,
    free=7,
    until=None,
    latitude=53.28,
    longitude=69.39,
    district="kokshetau",
)
ARMAN = replace(
    MADINA,
    id=2,
    kindergarten_id=2,
    kindergarten="МКҚК «Ясли-сад «Арман»",
    address=None,
    language="ru",
    mode=Mode.TEMPORARY,
    free=9,
    until=date(2026, 4, 30),
    latitude=None,
    longitude=None,
)
STAY = Stay(ARMAN, date(2026, 4, 30), date(2026, 5, 4))


def card(
    status: Status, *, now: datetime = NOW, from_day: date = TODAY, **changes: Any
) -> NumberedCard:
    """An application in that status, its term counted from `from_day`."""
    restored = changes.get("restored", False)
    deadline = _deadline(status, from_day)
    ends_at = deadline.ends_at if deadline else None
    made = NumberedCard(
        id=1,
        version=3,
        registration_number="ОДО.2026.248",
        registered_at=datetime(2026, 4, 7, 11, 21, 8, tzinfo=ALMATY),
        district="kokshetau",
        category=Named("3 жасқа толған балалар", "дети, достигшие 3 лет", "children aged 3"),
        status=status,
        applicant=Applicant(
            iin=Iin.parse("900101400013"),
            full_name="Оспанова Әсем Қайратқызы",
            birth_date=date(1990, 1, 1),
            phone="87758759999",
            email=None,
            address="Көкшетау",
        ),
        child=Child(
            iin=Iin.parse("220917600010"),
            full_name="Оспанова Айару <Ерланқызы>",
            given_name="Айару",
            birth_date=date(2022, 9, 17),
            privilege=None,
        ),
        queue_number=1,
        deadline=deadline,
        actions=allowed(Situation(status, ends_at, restored), now),
        restored=False,
        archived_because=None,
        changed_at=NOW,
        stay=None,
        place=None,
        signed=False,
    )
    return replace(made, **changes)


def extended(shown: NumberedCard, last_day: date) -> NumberedCard:
    """The same, after an outage of ours (D18)."""
    assert shown.deadline is not None
    ends_at = start_of(last_day + timedelta(days=1))
    longer = replace(shown.deadline, ends_at=ends_at, last_day=last_day, extended="ours")
    return replace(shown, deadline=longer)


def _deadline(status: Status, from_day: date) -> Deadline | None:
    return count(CALENDAR, TERMS[status], from_day) if status in TERMS else None


EVERY = {
    "in queue": card(Status.IN_QUEUE),
    "on a temporary stay": card(Status.IN_QUEUE, stay=STAY),
    "awaiting confirmation": card(Status.AWAITING_CONFIRMATION),
    "awaiting confirmation again": card(Status.AWAITING_CONFIRMATION, restored=True),
    "voucher issued": card(Status.VOUCHER_ISSUED),
    "extended": extended(card(Status.STOP_LIST), date(2026, 5, 12)),
    "on the stop list": card(Status.STOP_LIST),
    "on the stop list again": card(Status.STOP_LIST, restored=True),
    "enrolled": card(Status.ENROLLED, place=MADINA, queue_number=None),
    **{
        f"archived: {event}": card(Status.ARCHIVED, archived_because=event, queue_number=None)
        for event in (
            Event.REFUSE_VOUCHER,
            Event.REMOVE_FROM_QUEUE,
            Event.RESTORING_MISSED,
            Event.CHOOSING_MISSED,
        )
    },
}
"""An application in every situation that the rules know."""


def callbacks(screen: Screen) -> dict[str, str]:
    """What the buttons say -> what they carry."""
    assert isinstance(screen.keyboard, InlineKeyboardMarkup)
    return {
        button.text: button.callback_data or ""
        for line in screen.keyboard.inline_keyboard
        for button in line
    }


def styles(screen: Screen) -> dict[str, str | None]:
    """What the buttons say -> their colour."""
    assert isinstance(screen.keyboard, InlineKeyboardMarkup)
    return {
        button.text: button.style for line in screen.keyboard.inline_keyboard for button in line
    }
