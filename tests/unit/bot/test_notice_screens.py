"""Notices: each kind has words in each language; what is pointless by now is not sent."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.keyboards.voucher import ActButton, AskButton
from bot.screens import notices
from core.applications.rules import LIFECYCLE, Event, Status
from core.applications.values import ApplicationCard
from locales.texts import LANGUAGES, texts
from tests.unit.bot.samples import NOW, STAY, callbacks, card

LAPSED = date(2026, 4, 3)
"""A Friday: two working days from it end on the day of these tests."""

ABOUT: dict[str, tuple[ApplicationCard, dict[str, Any]]] = {
    "voucher_issued": (card(Status.AWAITING_CONFIRMATION), {"version": 3}),
    "confirmation_missed": (card(Status.STOP_LIST), {"version": 3}),
    "restoring_missed": (
        card(Status.ARCHIVED, archived_because=Event.RESTORING_MISSED),
        {"version": 3},
    ),
    "choosing_missed": (
        card(Status.ARCHIVED, archived_because=Event.CHOOSING_MISSED),
        {"version": 3},
    ),
    "last_day": (
        card(Status.AWAITING_CONFIRMATION, from_day=LAPSED),
        {"status": "awaiting_confirmation", "version": 3},
    ),
    "stay_last_day": (
        card(Status.IN_QUEUE, stay=STAY),
        {"last_day": "2026-04-30", "withdraw_on": "2026-05-04"},
    ),
    "stay_ended": (
        card(Status.IN_QUEUE),
        {"last_day": "2026-04-30", "withdraw_on": "2026-05-04"},
    ),
}


def test_every_notice_of_the_lifecycle_has_a_renderer() -> None:
    owed = {transition.notice for transition in LIFECYCLE.values() if transition.notice}
    assert owed <= notices.KINDS.keys()
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


def test_a_stay_that_a_contract_has_ended_is_not_reminded_of() -> None:
    """D4."""
    _, details = ABOUT["stay_last_day"]
    enrolled = card(Status.ENROLLED)
    assert notices.render("stay_last_day", enrolled, details, texts("kk"), NOW) is None


def test_a_notice_about_somebody_elses_application_is_not_sent() -> None:
    assert notices.render("voucher_issued", None, {}, texts("kk"), NOW) is None
