"""The lifecycle table is the whole truth: what it does not name is refused (R6-R11, D2, D8)."""

from datetime import date, datetime, timedelta

import pytest

from core.applications.rules import (
    BY_CLOCK,
    BY_STAFF,
    LIFECYCLE,
    REOPENS,
    Event,
    Missed,
    Refusal,
    Refused,
    Situation,
    Status,
    allowed,
    deadline_of,
    decide,
    missed_deadline,
    reopening,
)
from core.calendar.rules import Calendar
from core.clock import ALMATY

END = datetime(2026, 4, 10, 0, 0, tzinfo=ALMATY)
BEFORE = END - timedelta(seconds=1)
PAIRS = [(status, event) for status in Status for event in Event]


def at(status: Status, *, ends_at: datetime | None = END, **more: bool) -> Situation:
    return Situation(status, ends_at, restored=more.get("restored", False))


@pytest.mark.parametrize(("status", "event"), [pair for pair in PAIRS if pair not in LIFECYCLE])
@pytest.mark.parametrize("moment", [BEFORE, END])
def test_what_the_table_does_not_name_is_refused(
    status: Status, event: Event, moment: datetime
) -> None:
    with pytest.raises(Refused) as refused:
        decide(at(status), event, moment)
    assert refused.value.refusal is Refusal.NOT_NOW


@pytest.mark.parametrize(
    ("status", "event"),
    [p for p in LIFECYCLE if p[1] not in {*BY_CLOCK, *REOPENS, Event.RESTORE_BY_STAFF}],
)
def test_the_press_decides(status: Status, event: Event) -> None:
    """D8: one second before the end wins, the end itself loses."""
    assert decide(at(status), event, BEFORE) is LIFECYCLE[status, event]
    with pytest.raises(Refused) as refused:
        decide(at(status), event, END)
    assert refused.value.refusal is Refusal.TERM_ENDED


@pytest.mark.parametrize(("status", "event"), [pair for pair in LIFECYCLE if pair[1] in BY_CLOCK])
def test_a_term_is_missed_at_its_end_and_not_before(status: Status, event: Event) -> None:
    with pytest.raises(Refused):
        decide(at(status), event, BEFORE)
    assert decide(at(status), event, END) is LIFECYCLE[status, event]


@pytest.mark.parametrize(("status", "event"), [pair for pair in LIFECYCLE if pair[1] in REOPENS])
def test_what_the_sweep_did_is_taken_back_for_a_press_in_time_only(
    status: Status, event: Event
) -> None:
    missed = Missed(REOPENS[event], END)
    swept = Situation(status, None, restored=False, missed=missed)
    assert decide(swept, event, BEFORE) is LIFECYCLE[status, event]
    assert reopening(swept, BEFORE) is event
    assert reopening(swept, END) is None
    for wrong in (Situation(status, None, restored=False), at(status)):
        with pytest.raises(Refused):
            decide(wrong, event, BEFORE)
    with pytest.raises(Refused):
        decide(swept, event, END)


def test_restoring_is_possible_once(calendar: Calendar) -> None:
    """R8, D2."""
    assert Event.RESTORE in allowed(at(Status.STOP_LIST), BEFORE)
    with pytest.raises(Refused) as refused:
        decide(at(Status.STOP_LIST, restored=True), Event.RESTORE, BEFORE)
    assert refused.value.refusal is Refusal.ALREADY_RESTORED
    assert allowed(at(Status.STOP_LIST, restored=True), BEFORE) == frozenset()


@pytest.mark.parametrize("because", [None, *Event])
def test_staff_restore_from_the_archive_only_what_a_missed_term_has_ended(
    because: Event | None,
) -> None:
    """D14: what the parent gave up stays given up."""
    archived = Situation(Status.ARCHIVED, None, restored=True, archived_because=because)
    if because in (Event.RESTORING_MISSED, Event.CHOOSING_MISSED):
        assert decide(archived, Event.RESTORE_BY_STAFF, END).target is Status.IN_QUEUE
        return
    with pytest.raises(Refused) as refused:
        decide(archived, Event.RESTORE_BY_STAFF, END)
    assert refused.value.refusal is Refusal.NOT_NOW


def test_staff_restore_from_the_stop_list_only_whom_the_own_right_no_longer_helps() -> None:
    """D14: until its term is over; then it is in the archive."""
    used, unused = (at(Status.STOP_LIST, restored=restored) for restored in (True, False))
    assert decide(used, Event.RESTORE_BY_STAFF, BEFORE).target is Status.IN_QUEUE
    for situation, moment, why in (
        (unused, BEFORE, Refusal.NOT_NOW),
        (used, END, Refusal.TERM_ENDED),
    ):
        with pytest.raises(Refused) as refused:
            decide(situation, Event.RESTORE_BY_STAFF, moment)
        assert refused.value.refusal is why


def test_the_buttons_are_those_of_the_manual() -> None:
    """R11."""
    assert allowed(at(Status.AWAITING_CONFIRMATION), BEFORE) == {
        Event.CONFIRM_INTEREST,
        Event.REFUSE_VOUCHER,
        Event.REMOVE_FROM_QUEUE,
    }
    assert allowed(at(Status.VOUCHER_ISSUED), BEFORE) == {
        Event.TAKE_PLACE,
        Event.TAKE_TEMPORARY_PLACE,
        Event.REMOVE_FROM_QUEUE,
    }
    for closed in (Status.ENROLLED, Status.ARCHIVED):
        assert allowed(at(closed), BEFORE) == frozenset()


def test_the_terms_are_those_of_the_manual(calendar: Calendar) -> None:
    """R7, R8, R10, D2, with the dates worked out by hand."""
    issued = datetime(2026, 4, 7, 11, 30, tzinfo=ALMATY)
    two = deadline_of(LIFECYCLE[Status.IN_QUEUE, Event.ISSUE_VOUCHER], calendar, issued)
    assert two is not None
    assert two.last_day == date(2026, 4, 9)
    assert two.ends_at == END
    confirmed = LIFECYCLE[Status.AWAITING_CONFIRMATION, Event.CONFIRM_INTEREST]
    five = deadline_of(confirmed, calendar, issued)
    assert five is not None
    assert five.last_day == date(2026, 4, 14)
    lapse = LIFECYCLE[Status.AWAITING_CONFIRMATION, Event.CONFIRMATION_MISSED]
    stop_list = missed_deadline(lapse, calendar, date(2026, 4, 9))
    assert stop_list is not None
    assert stop_list.last_day == date(2026, 5, 8)  # 7 May is a holiday


def test_every_status_but_the_last_two_has_a_way_on() -> None:
    ways = {status for status, event in LIFECYCLE if event not in {*REOPENS, *BY_STAFF}}
    assert ways == set(Status) - {Status.ENROLLED, Status.ARCHIVED}
