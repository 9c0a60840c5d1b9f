"""The calendar file, read back as a phone reads it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from core.applications.rules import Status
from core.applications.values import ApplicationCard
from core.clock import local
from documents import calendar_file
from locales.texts import LANGUAGES, texts
from tests.unit.bot.samples import NOW, card

TERMS = [Status.AWAITING_CONFIRMATION, Status.VOUCHER_ISSUED, Status.STOP_LIST]


def written(shown: ApplicationCard, language: str = "kk") -> bytes:
    term = calendar_file.running(shown)
    assert term is not None
    return calendar_file.render(shown, term, texts(language), NOW.astimezone(UTC))


def event(data: bytes) -> Any:
    """The one event in it."""
    (found,) = Calendar.from_ical(data).walk("VEVENT")
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", TERMS)
def test_the_event_is_the_last_minute_of_the_term_with_two_alarms(
    status: Status, language: str
) -> None:
    """D8: 23:59 of the last day in Kazakhstan; the evening before, and 09:00 of the day."""
    shown = card(status)
    assert shown.deadline is not None
    last_day = shown.deadline.last_day
    read = event(written(shown, language))
    start = read["dtstart"].dt
    assert local(start).strftime("%d.%m.%Y %H:%M") == f"{last_day:%d.%m.%Y} 23:59"
    assert read["dtend"].dt == shown.deadline.ends_at
    rings = [local(start + alarm["trigger"].dt) for alarm in read.walk("VALARM")]
    assert [f"{ring:%d.%m %H:%M}" for ring in rings] == [
        f"{last_day - timedelta(days=1):%d.%m} 20:00",
        f"{last_day:%d.%m} 09:00",
    ]
    assert {alarm["action"] for alarm in read.walk("VALARM")} == {"DISPLAY"}


def test_an_old_phone_shows_the_right_moment() -> None:
    """Kazakhstan is UTC+5 since 2024; phones that were not updated think otherwise (D1)."""
    assert b"DTSTART:20260409T185900Z" in written(card(Status.AWAITING_CONFIRMATION))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", TERMS)
def test_it_speaks_the_readers_language_and_names_the_child_alone(
    status: Status, language: str
) -> None:
    shown = card(status)
    data = written(shown, language)
    text = data.replace(b"\r\n ", b"").decode()
    read = event(data)
    assert str(read["summary"]).startswith("Айару: ")
    assert str(read["summary"]).endswith("23:59")
    assert all(str(alarm["description"]) == str(read["summary"]) for alarm in read.walk("VALARM"))
    assert shown.registration_number in str(read["description"])
    for secret in (shown.applicant.iin, shown.child.iin):
        assert secret.value not in text
    for name in ("Оспанова", "Ерланқызы", "Әсем", shown.applicant.phone):
        assert name not in text
    assert max(len(line) for line in data.split(b"\r\n")) <= 75  # RFC 5545, 3.1


def test_the_languages_and_the_terms_differ() -> None:
    told = {
        str(event(written(card(status), language))["summary"])
        for status in TERMS
        for language in LANGUAGES
    }
    assert len(told) == 9


def test_the_same_term_replaces_itself_and_another_one_does_not() -> None:
    first, again = (event(written(card(TERMS[0]), language))["uid"] for language in ("kk", "ru"))
    later = event(written(card(TERMS[1], version=4)))["uid"]
    assert first == again != later


@pytest.mark.parametrize(
    "shown",
    [
        card(Status.IN_QUEUE),
        card(Status.ENROLLED),
        card(Status.ARCHIVED),
        card(Status.STOP_LIST, restored=True),
        card(
            Status.AWAITING_CONFIRMATION,
            from_day=date(2026, 3, 30),
            now=datetime(2026, 4, 7, 12, tzinfo=UTC),
        ),
    ],
)
def test_where_nothing_can_be_done_there_is_no_file(shown: ApplicationCard) -> None:
    assert calendar_file.running(shown) is None
