"""Notices: each kind has words in each language; what is pointless by now is not sent."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from bot.keyboards.voucher import ActButton, AskButton
from bot.screens import notices
from core.applications.rules import LIFECYCLE, Event, Status
from core.applications.values import NumberedCard
from core.notices.plan import PLANS, Channel, Span
from core.notices.plan import STAY as STAY_PLAN
from core.vouchers.values import Reason
from locales.texts import LANGUAGES, texts
from tests.unit.bot.samples import EVERY, MADINA, NOW, STAY, callbacks, card, extended

LAPSED = date(2026, 4, 3)
"""A Friday: two working days from it end on the day of these tests."""

ENDS = {"last_day": "2026-04-30", "withdraw_on": "2026-05-04"}
ENDS_TODAY = {"last_day": "2026-04-07", "withdraw_on": "2026-04-08"}
ENDING = replace(STAY, last_day=date(2026, 4, 7), withdraw_on=date(2026, 4, 8))

LONGER = extended(card(Status.AWAITING_CONFIRMATION), date(2026, 4, 10))

ABOUT: dict[str, tuple[NumberedCard, dict[str, Any]]] = {
    "voucher_issued": (card(Status.AWAITING_CONFIRMATION), {"version": 3}),
    "voucher_withdrawn": (card(Status.IN_QUEUE), {"version": 3, "reason": "out_of_turn"}),
    "queue_renewed": (
        card(Status.IN_QUEUE),
        {"old": 17, "new": 5, "moved": True, "as_of": "2026-09-01"},
    ),
    "confirmation_missed": (card(Status.STOP_LIST), {"version": 3}),
    "restoring_missed": (
        card(Status.ARCHIVED, archived_because=Event.RESTORING_MISSED),
        {"version": 3},
    ),
    "choosing_missed": (
        card(Status.ARCHIVED, archived_because=Event.CHOOSING_MISSED),
        {"version": 3},
    ),
    "restored_by_staff": (card(Status.IN_QUEUE), {"version": 3, "reason": "illness"}),
    "last_day": (
        card(Status.AWAITING_CONFIRMATION, from_day=LAPSED),
        {"version": 3},
    ),
    "reminder": (card(Status.AWAITING_CONFIRMATION), {"version": 3}),
    "last_evening": (card(Status.AWAITING_CONFIRMATION, from_day=LAPSED), {"version": 3}),
    "stay_reminder": (card(Status.IN_QUEUE, stay=STAY), ENDS),
    "stay_last_day": (card(Status.IN_QUEUE, stay=ENDING), ENDS_TODAY),
    "stay_last_evening": (card(Status.IN_QUEUE, stay=ENDING), ENDS_TODAY),
    "stay_ended": (card(Status.IN_QUEUE), ENDS),
    "term_extended": (LONGER, {"version": 3, "last_day": "2026-04-10"}),
}


def planned() -> Iterator[str]:
    """The kinds that the plans send to a chat."""
    span = Span(date(2026, 4, 7), date(2026, 5, 29), tuple(date(2026, 4, d) for d in range(8, 14)))
    for plan in (*PLANS.values(), STAY_PLAN):
        steps = plan.steps(span, NOW)
        yield from (step.kind for step in steps if step.channel is Channel.TELEGRAM)


def test_whatever_is_owed_to_a_chat_has_words() -> None:
    owed = {transition.notice for transition in LIFECYCLE.values() if transition.notice}
    assert owed | set(planned()) <= notices.KINDS.keys()
    assert ABOUT.keys() == notices.KINDS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ABOUT)
def test_every_kind_has_words_in_every_language(kind: str, language: str) -> None:
    shown, details = ABOUT[kind]
    screen = notices.render(kind, shown, details, texts(language), NOW)
    assert screen is not None
    assert "Айару" in screen.text
    assert len(screen.text.splitlines()) <= 5
    assert callbacks(screen)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("situation", EVERY)
def test_no_kind_fails_in_any_situation_and_each_can_be_closed(
    situation: str, language: str
) -> None:
    """Something may have happened between the plan and the sending."""
    shown, t = EVERY[situation], texts(language)
    for kind in notices.KINDS:
        for now in (NOW, *(at_nine(day) for day in (9, 14, 30))):
            screen = notices.render(kind, shown, ENDS | ABOUT[kind][1], t, now)
            assert screen is None or "Айару" in screen.text
        closed = notices.closed(kind, shown, ENDS, t, NOW)
        assert closed.keyboard is None
        assert "Айару" in closed.text
        assert len(closed.text.splitlines()) <= 2


def at_nine(day: int) -> datetime:
    return NOW.replace(day=day, hour=9)


@pytest.mark.parametrize("language", LANGUAGES)
def test_entering_elsewhere_is_told_without_an_application(language: str) -> None:
    assert notices.render("entered_elsewhere", None, {}, texts(language), NOW)


def test_a_voucher_can_be_answered_from_its_notice() -> None:
    """R6, R7, R11: Confirm and Refuse, and how the date was counted."""
    shown, details = ABOUT["voucher_issued"]
    screen = notices.render("voucher_issued", shown, details, texts("en"), NOW)
    assert screen is not None
    confirm, refuse, counted = callbacks(screen).values()
    assert ActButton.unpack(confirm).act is Event.CONFIRM_INTEREST
    assert AskButton.unpack(refuse).act is Event.REFUSE_VOUCHER
    assert counted.startswith("count:")


@pytest.mark.parametrize("kind", ["voucher_issued", "confirmation_missed", "last_day"])
def test_a_notice_is_pointless_once_the_application_has_moved_on(kind: str) -> None:
    shown, details = ABOUT[kind]
    moved = replace(shown, version=shown.version + 1)
    assert notices.render(kind, moved, details, texts("kk"), NOW) is None


def test_a_voucher_whose_term_has_ended_is_not_announced() -> None:
    late = NOW.replace(day=10)
    shown = card(Status.AWAITING_CONFIRMATION, now=late)
    assert notices.render("voucher_issued", shown, {}, texts("kk"), late) is None


def test_a_last_day_that_is_over_or_to_come_is_not_announced() -> None:
    shown = card(Status.AWAITING_CONFIRMATION)  # its last day is the 9th
    assert notices.render("last_day", shown, {}, texts("kk"), NOW) is None
    assert notices.render("last_day", shown, {}, texts("kk"), NOW.replace(day=9)) is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_term_has_a_last_day_of_its_own(language: str) -> None:
    told = set()
    for status in (Status.AWAITING_CONFIRMATION, Status.VOUCHER_ISSUED, Status.STOP_LIST):
        for restored in (False, True):
            shown = card(status, restored=restored)
            assert shown.deadline is not None
            day = shown.deadline.last_day
            screen = notices.render(
                "last_day", shown, {}, texts(language), NOW.replace(month=day.month, day=day.day)
            )
            assert screen is not None
            told.add(screen.text)
    # Confirming and the stop list have two each: with the right to restore, and without (D2).
    assert len(told) == 5


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "status", [Status.AWAITING_CONFIRMATION, Status.VOUCHER_ISSUED, Status.STOP_LIST]
)
def test_a_reminder_says_until_when_and_offers_the_act(status: Status, language: str) -> None:
    """R7, R8, R10: the weekday and the hour, how long is left, and a button that acts."""
    shown, t = card(status), texts(language)
    assert shown.deadline is not None
    last = shown.deadline.last_day
    evening = NOW.replace(month=last.month, day=last.day, hour=20)
    for kind, now, left in (
        ("reminder", NOW, None),
        ("last_day", evening.replace(hour=9), t.plain_plural("{count} hour", "{count} hours", 15)),
        ("last_evening", evening, t.plain_plural("{count} hour", "{count} hours", 4)),
    ):
        screen = notices.render(kind, shown, {"version": 3}, t, now)
        assert screen is not None
        assert t.until(last) in screen.text
        assert left is None or left in screen.text
        assert set(callbacks(screen).values()) & {
            "act:1:3:confirm_interest",
            "act:1:3:restore",
            "pl:1:3:0::::1:0",
        }


def test_a_reminder_that_comes_on_the_last_day_is_left_to_the_last_days_own() -> None:
    shown = card(Status.AWAITING_CONFIRMATION)  # its last day is the 9th
    assert notices.render("reminder", shown, {}, texts("kk"), at_nine(8)) is not None
    assert notices.render("reminder", shown, {}, texts("kk"), at_nine(9)) is None
    assert notices.render("last_evening", shown, {}, texts("kk"), at_nine(8)) is None


def test_nobody_is_reminded_of_restoring_what_cannot_be_restored() -> None:
    """D2."""
    shown, t = card(Status.STOP_LIST, restored=True), texts("ru")
    last_day = NOW.replace(month=5, day=5)
    assert notices.render("reminder", shown, {}, t, NOW) is None
    assert notices.render("last_evening", shown, {}, t, last_day) is None
    told = notices.render("last_day", shown, {}, t, last_day)
    assert told is not None
    assert "больше восстановить нельзя" in told.text


@pytest.mark.parametrize(
    ("kind", "shown", "said"),
    [
        (
            "voucher_issued",
            card(Status.VOUCHER_ISSUED),
            "✅ <b>Interest confirmed:</b> Айару, ОДО.2026.248 (07.04.2026, 12:00)",
        ),
        ("last_day", card(Status.STOP_LIST), "Interest not confirmed in time, voucher void"),
        ("reminder", card(Status.ENROLLED, place=MADINA), "✅ <b>Contract signed:"),
        ("reminder", card(Status.IN_QUEUE, stay=STAY), "✅ <b>Temporary place taken:"),
        ("reminder", card(Status.IN_QUEUE, restored=True), "Place in the queue restored"),
        (
            "confirmation_missed",
            card(Status.IN_QUEUE, restored=True, stay=STAY),
            "Place in the queue restored",
        ),
        (
            "reminder",
            card(Status.IN_QUEUE, restored=True, changed_by=Event.WITHDRAW_VOUCHER),
            "Voucher withdrawn, back in the queue",
        ),
        (
            "confirmation_missed",
            card(Status.IN_QUEUE, restored=True, changed_by=Event.RESTORE_BY_STAFF),
            "✅ <b>Place in the queue restored by the education department:",
        ),
        ("confirmation_missed", card(Status.AWAITING_CONFIRMATION), "Awaiting confirmation"),
        ("reminder", card(Status.IN_QUEUE, restored=True, stay=STAY), "In the queue"),
        (
            "voucher_issued",
            card(Status.ARCHIVED, archived_because=Event.REFUSE_VOUCHER),
            "🗂 <b>Voucher refused:",
        ),
        (
            "last_evening",
            card(Status.ARCHIVED, archived_because=Event.CHOOSING_MISSED),
            "Contract not made in time",
        ),
        ("stay_reminder", card(Status.ENROLLED, place=MADINA), "✅ <b>Contract signed:"),
        ("stay_last_day", card(Status.IN_QUEUE), "Айару, ОДО.2026.248 (04.05.2026)"),
    ],
)
def test_an_old_notice_says_what_was_decided_and_when(
    kind: str, shown: NumberedCard, said: str
) -> None:
    screen = notices.closed(kind, shown, ENDS, texts("en"), NOW)
    assert said in screen.text
    assert screen.keyboard is None


def test_an_old_notice_about_nothing_of_the_readers_says_no_more_than_that() -> None:
    for kind in (*notices.KINDS, "entered_elsewhere"):
        assert "out of date" in notices.closed(kind, None, {}, texts("en"), NOW).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_changed_number_is_told_with_the_old_one_the_new_one_and_why(language: str) -> None:
    """D16."""
    shown, details = ABOUT["queue_renewed"]
    texts_ = texts(language)
    said = []
    for moved in (True, False):
        screen = notices.render("queue_renewed", shown, details | {"moved": moved}, texts_, NOW)
        assert screen is not None
        assert all(word in screen.text for word in ("<b>17</b>", "<b>5</b>", "01.09.2026", "Айару"))
        assert shown.category.in_(language) in screen.text
        said.append(screen.text)
    assert said[0] != said[1]
    gone = replace(shown, queue_number=None)
    assert notices.render("queue_renewed", gone, details, texts_, NOW) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_withdrawn_voucher_is_told_with_its_reason_and_the_number(language: str) -> None:
    """D13. Who has got another voucher since is told of that one."""
    shown, details = ABOUT["voucher_withdrawn"]
    said = set()
    for reason in Reason:
        made = notices.render(
            "voucher_withdrawn", shown, details | {"reason": reason.value}, texts(language), NOW
        )
        assert made is not None
        assert "<b>1</b>" in made.text
        said.add(made.text)
    assert len(said) == len(Reason)
    newer = card(Status.AWAITING_CONFIRMATION)
    assert notices.render("voucher_withdrawn", newer, details, texts(language), NOW) is None


def test_a_stay_that_a_contract_has_ended_is_not_reminded_of() -> None:
    """D4."""
    _, details = ABOUT["stay_last_day"]
    enrolled = card(Status.ENROLLED)
    assert notices.render("stay_last_day", enrolled, details, texts("kk"), NOW) is None


def test_a_notice_about_somebody_elses_application_is_not_sent() -> None:
    assert notices.render("voucher_issued", None, {}, texts("kk"), NOW) is None
