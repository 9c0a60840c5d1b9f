"""The plan of every term, worked out by hand on the wall calendar (R7, R8, R10, R18, D1, D2)."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.applications.rules import CHOOSING, CONFIRMING, RESTORING, Status
from core.calendar.rules import Term, count
from core.calendar.seed import seeded_calendar
from core.clock import ALMATY, local
from core.notices.plan import Channel, Step, end_of_quiet, quiet, steps_of, steps_of_stay

SEEDED = seeded_calendar(range(2024, 2029))
TERMS: dict[Status, Term] = {
    Status.AWAITING_CONFIRMATION: CONFIRMING,
    Status.VOUCHER_ISSUED: CHOOSING,
    Status.STOP_LIST: RESTORING,
}


def moment(text: str) -> datetime:
    """`07.04.2026 11:30`, in Kazakhstan."""
    return datetime.strptime(text, "%d.%m.%Y %H:%M").replace(tzinfo=ALMATY)


def told(steps: list[Step]) -> list[str]:
    """One line a notice: `08.04 09:00 reminder`, with the channel where it is not Telegram."""
    return [
        f"{local(step.at):%d.%m %H:%M} "
        + (f"{step.channel.value} " if step.channel is not Channel.TELEGRAM else "")
        + step.kind
        for step in steps
    ]


def confirming(first: str, last: str) -> list[str]:
    """Two working days, whichever they are."""
    return [
        f"{first} 09:00 reminder",
        f"{first} 18:00 sms voucher_issued",
        f"{last} 08:00 call call_confirm",
        f"{last} 09:00 last_day",
        f"{last} 20:00 last_evening",
    ]


@pytest.mark.parametrize(
    ("issued", "working_days"),
    [
        ("07.04.2026 11:30", ("08.04", "09.04")),  # R7's own example
        ("07.04.2026 22:30", ("08.04", "09.04")),  # at night: told in the morning, not later
        ("07.04.2026 00:10", ("08.04", "09.04")),  # the day of the event never counts (D1)
        ("03.04.2026 16:00", ("06.04", "07.04")),  # over a weekend
        ("04.04.2026 12:00", ("06.04", "07.04")),  # on a Saturday
        ("19.03.2026 15:00", ("20.03", "26.03")),  # a term over Nauryz and its moved days
        ("20.03.2026 17:00", ("26.03", "27.03")),  # the whole of Nauryz before the first day
        ("23.03.2026 10:00", ("26.03", "27.03")),  # issued on Nauryz
        ("06.05.2026 10:00", ("08.05", "12.05")),  # over 7 May, 9 May and the day for it
        ("03.05.2024 09:00", ("04.05", "06.05")),  # a Saturday that is worked
        ("31.12.2024 15:00", ("05.01", "06.01")),  # a Sunday that is worked, after the New Year
    ],
)
def test_two_working_days_to_confirm(issued: str, working_days: tuple[str, str]) -> None:
    began = moment(issued)
    deadline = count(SEEDED, CONFIRMING, began.date())
    steps = steps_of(Status.AWAITING_CONFIRMATION, deadline, began, restored=False)
    assert told(steps) == confirming(*working_days)


@pytest.mark.parametrize(
    ("confirmed", "working_days"),
    [
        ("09.04.2026 20:10", ("10.04", "13.04", "14.04", "15.04", "16.04")),
        ("09.04.2026 08:30", ("10.04", "13.04", "14.04", "15.04", "16.04")),
        ("09.04.2026 23:59", ("10.04", "13.04", "14.04", "15.04", "16.04")),
        ("19.03.2026 12:00", ("20.03", "26.03", "27.03", "30.03", "31.03")),  # Nauryz
        ("29.04.2026 12:00", ("30.04", "04.05", "05.05", "06.05", "08.05")),  # 1 and 7 May
        ("02.05.2024 12:00", ("03.05", "04.05", "06.05", "10.05", "13.05")),  # a worked Saturday
    ],
)
def test_five_working_days_to_choose(confirmed: str, working_days: tuple[str, ...]) -> None:
    """R10: the SMS waits for the evening of the third day, a child's place depends on it less."""
    began = moment(confirmed)
    deadline = count(SEEDED, CHOOSING, began.date())
    one, two, three, four, last = working_days
    assert told(steps_of(Status.VOUCHER_ISSUED, deadline, began, restored=False)) == [
        f"{one} 09:00 reminder",
        f"{two} 09:00 reminder",
        f"{three} 09:00 reminder",
        f"{three} 18:00 sms choose",
        f"{four} 09:00 reminder",
        f"{last} 08:00 call call_choose",
        f"{last} 09:00 last_day",
        f"{last} 20:00 last_evening",
    ]


@pytest.mark.parametrize(
    ("missed", "reminders", "last"),
    [
        # D2: the 28th day, 7 May, is a holiday: the last day rolls on to 8 May
        ("09.04.2026", ("16.04", "23.04", "30.04", "05.05", "07.05"), "08.05"),
        ("14.04.2026", ("21.04", "28.04", "05.05", "09.05", "11.05"), "12.05"),
        # the 28th day, Saturday 25 April, rolls on to Monday: the weekly one of 25 April is too
        # near to be another one
        ("28.03.2026", ("04.04", "11.04", "18.04", "24.04", "26.04"), "27.04"),
    ],
)
def test_twenty_eight_days_to_restore(missed: str, reminders: tuple[str, ...], last: str) -> None:
    deadline = count(SEEDED, RESTORING, moment(f"{missed} 00:00").date())
    began = moment(f"{missed} 00:00") + timedelta(days=1)
    assert told(steps_of(Status.STOP_LIST, deadline, began, restored=False)) == [
        *(f"{day} 09:00 reminder" for day in reminders),
        f"{last} 09:00 last_day",
        f"{last} 20:00 last_evening",
    ]


def test_where_nothing_can_be_restored_only_the_end_is_told() -> None:
    """D2: on the stop list for the second time."""
    deadline = count(SEEDED, RESTORING, date(2026, 4, 14))
    steps = steps_of(Status.STOP_LIST, deadline, moment("15.04.2026 00:00"), restored=True)
    assert told(steps) == ["12.05 09:00 last_day"]


@pytest.mark.parametrize(
    ("signed", "last_day", "expected"),
    [
        (  # two days
            "28.04.2026 15:00",
            "30.04.2026",
            ["29.04 09:00 stay_reminder"],
        ),
        (  # five days
            "25.04.2026 12:00",
            "30.04.2026",
            ["27.04 09:00 stay_reminder", "29.04 09:00 stay_reminder"],
        ),
        (  # thirty days
            "31.03.2026 10:00",
            "30.04.2026",
            [
                "07.04 09:00 stay_reminder",
                "14.04 09:00 stay_reminder",
                "21.04 09:00 stay_reminder",
                "27.04 09:00 stay_reminder",
                "29.04 09:00 stay_reminder",
            ],
        ),
        ("29.04.2026 22:30", "30.04.2026", []),  # at night before the last day
        ("30.04.2026 08:59", "30.04.2026", []),  # in the morning of the last day
    ],
)
def test_a_temporary_stay(signed: str, last_day: str, expected: list[str]) -> None:
    """R15, R18. Its last day is a calendar day: the leave of another child ends then."""
    steps = steps_of_stay(moment(f"{last_day} 00:00").date(), moment(signed))
    last = last_day[:5]
    assert told(steps) == [
        *expected,
        f"{last} 09:00 stay_last_day",
        f"{last} 20:00 stay_last_evening",
    ]


@pytest.mark.parametrize(
    ("signed", "expected"),
    [
        ("30.04.2026 09:00", ["30.04 20:00 stay_last_evening"]),
        ("30.04.2026 19:59", ["30.04 20:00 stay_last_evening"]),
        ("30.04.2026 20:00", []),
        ("30.04.2026 23:00", []),
    ],
)
def test_a_stay_that_begins_on_its_last_day(signed: str, expected: list[str]) -> None:
    """What lies before the signature is not told."""
    assert told(steps_of_stay(date(2026, 4, 30), moment(signed))) == expected


@pytest.mark.parametrize(
    ("reopened", "expected"),
    [
        ("10.04.2026 00:01", []),
        ("09.04.2026 20:00", []),
        ("09.04.2026 19:00", ["09.04 20:00 last_evening"]),
        ("08.04.2026 18:00", confirming("08.04", "09.04")[2:]),
        ("08.04.2026 17:59", confirming("08.04", "09.04")[1:]),
    ],
)
def test_a_term_that_is_taken_up_again_tells_nothing_of_its_past(
    reopened: str, expected: list[str]
) -> None:
    """D8: the act was pressed in time, and read after the sweep."""
    deadline = count(SEEDED, CONFIRMING, date(2026, 4, 7))
    steps = steps_of(Status.AWAITING_CONFIRMATION, deadline, moment(reopened), restored=False)
    assert told(steps) == expected


MINUTES = st.integers(0, 3 * 366 * 24 * 60).map(
    lambda minutes: moment("10.01.2025 00:00") + timedelta(minutes=minutes)
)


@given(st.sampled_from(list(TERMS)), MINUTES, st.booleans())
def test_whatever_the_day_a_plan_lies_in_its_term_and_in_the_daytime(
    status: Status, began: datetime, restored: bool
) -> None:
    deadline = count(SEEDED, TERMS[status], local(began).date())
    steps = steps_of(status, deadline, began, restored=restored)
    _lies_well(steps, began, deadline.ends_at)
    assert _last_day_of(steps) == deadline.last_day
    for step in steps:
        if status is not Status.STOP_LIST:
            assert SEEDED.is_working(local(step.at).date())


@given(MINUTES, st.integers(1, 90))
def test_whatever_the_day_a_stay_is_told_of_in_the_daytime(began: datetime, days: int) -> None:
    last_day = local(began).date() + timedelta(days=days)
    steps = steps_of_stay(last_day, began)
    _lies_well(steps, began, moment(f"{last_day:%d.%m.%Y} 20:01"))
    assert _last_day_of(steps) == last_day


def _lies_well(steps: list[Step], began: datetime, end: datetime) -> None:
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert len({(step.at, step.channel) for step in steps}) == len(steps)
    for step in steps:
        assert began < step.at < end
        assert not quiet(step.at)


def _last_day_of(steps: list[Step]) -> date:
    return local(steps[-1].at).date()


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("07.04.2026 20:59", False),
        ("07.04.2026 21:00", True),
        ("07.04.2026 23:59", True),
        ("08.04.2026 00:00", True),
        ("08.04.2026 07:59", True),
        ("08.04.2026 08:00", False),
        ("22.03.2026 12:00", False),  # a day off is no quiet hour
    ],
)
def test_between_nine_in_the_evening_and_eight_people_are_left_alone(
    time: str, expected: bool
) -> None:
    assert quiet(moment(time)) is expected


@pytest.mark.parametrize(
    ("time", "morning"),
    [
        ("07.04.2026 21:00", "08.04.2026 08:00"),
        ("07.04.2026 22:30", "08.04.2026 08:00"),
        ("08.04.2026 00:00", "08.04.2026 08:00"),
        ("08.04.2026 07:59", "08.04.2026 08:00"),
        ("31.12.2026 23:00", "01.01.2027 08:00"),
    ],
)
def test_what_is_held_back_goes_out_at_eight(time: str, morning: str) -> None:
    assert end_of_quiet(moment(time)) == moment(morning)
