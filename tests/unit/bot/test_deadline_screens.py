"""The day-by-day sum and the time left, as people read them (D1)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.screens import deadline, words
from core.applications.rules import Status
from core.applications.values import ApplicationCard
from core.outages.rules import Cause
from locales.texts import LANGUAGES, texts
from tests.unit.bot.samples import CALENDAR, NOW, card, extended


def counted(shown: ApplicationCard, language: str) -> list[str]:
    assert shown.deadline is not None
    return deadline.counted(shown, shown.deadline, texts(language)).text.splitlines()


def test_holidays_and_transferred_days_are_told_and_do_not_count() -> None:
    assert counted(card(Status.AWAITING_CONFIRMATION, from_day=date(2026, 3, 20)), "kk")[1:] == [
        "Ваучер берілген күн: 20.03.2026, жұма",
        "21–23 наурыз: Наурыз мейрамы. Есепке кірмейді",
        "24–25 наурыз: ауыстырылған демалыс. Есепке кірмейді",
        "1-жұмыс күні: 26.03.2026, бейсенбі",
        "2-жұмыс күні: 27.03.2026, жұма",
        "Соңғы мерзім: <b>27.03.2026, жұма, 23:59</b>",
    ]


def test_a_term_over_two_months_names_both() -> None:
    lines = counted(card(Status.VOUCHER_ISSUED, from_day=date(2026, 4, 29)), "ru")
    assert "1 мая: Праздник единства народа Казахстана. Не считается" in lines
    assert "2–3 мая: выходной. Не считается" in lines


def test_28_days_that_end_on_a_holiday_move_to_the_next_working_day() -> None:
    """D1, D2."""
    assert counted(card(Status.STOP_LIST, from_day=date(2026, 4, 9)), "en")[1:] == [
        "Last day of the missed term: Thursday 09.04.2026",
        "Calendar day 1: Friday 10.04.2026",
        "Calendar day 28: Thursday 07.05.2026",
        "7 May: Defender of the Fatherland Day. The term moves to the next working day",
        "Deadline: <b>Friday 08.05.2026, 23:59</b>",
    ]


@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_term_that_was_extended_is_counted_as_ever_and_says_why_it_is_longer(
    cause: Cause, language: str
) -> None:
    """D18."""
    shown = card(Status.AWAITING_CONFIRMATION)
    plain = counted(shown, language)
    shown = extended(shown, date(2026, 4, 10))
    assert shown.deadline is not None
    shown = replace(shown, deadline=replace(shown.deadline, extended=cause.value))
    lines = counted(shown, language)
    assert lines[:-2] == plain[:-1]
    assert words.outage(cause, texts(language)) in lines[-2]
    assert "10.04.2026" in lines[-1]


@pytest.mark.parametrize(
    ("before", "kk", "ru"),
    [
        (timedelta(days=2, hours=12), "2 күн 12 сағат", "2 дня 12 часов"),
        (timedelta(days=1, minutes=5), "1 күн", "1 день"),
        (timedelta(hours=5, minutes=1), "5 сағат 1 минут", "5 часов 1 минута"),
        (timedelta(minutes=22), "22 минут", "22 минуты"),
        (timedelta(hours=3, minutes=59, seconds=59.5), "4 сағат", "4 часа"),
        (timedelta(days=1, seconds=-1), "1 күн", "1 день"),
    ],
)
def test_the_time_left_is_in_words(before: timedelta, kk: str, ru: str) -> None:
    term = card(Status.AWAITING_CONFIRMATION).deadline
    assert term is not None
    now = term.ends_at - before
    assert deadline.left(term, texts("kk"), now) == f"Қалған уақыт: {kk}."
    assert deadline.left(term, texts("ru"), now) == f"Осталось: {ru}."


def test_the_last_minute_and_the_end_have_words() -> None:
    term = card(Status.AWAITING_CONFIRMATION).deadline
    assert term is not None
    for language in LANGUAGES:
        t = texts(language)
        told = {
            deadline.left(term, t, term.ends_at - timedelta(seconds=30)),
            deadline.left(term, t, term.ends_at),
            deadline.left(term, t, NOW),
        }
        assert len(told) == 3


def test_every_holiday_of_the_calendar_has_a_name_in_kazakh_and_russian() -> None:
    names = {CALENDAR.day(date(2026, 1, 1) + timedelta(days=n)).note for n in range(720)} - {""}
    assert names
    for name in names:
        assert texts("kk").plain(name) != name
        assert texts("ru").plain(name) != name
