"""SMS: a code in one segment with a warning to tell no one, a notice with its link in two."""

from dataclasses import replace

import pytest

from bot.screens.sms import BACK_IN_QUEUE, CODES, NOTICES, code_text, notice_text
from core.applications.rules import Event, Status
from core.applications.values import ApplicationCard
from core.notices.escalation import ALWAYS_BY_SMS, BY_SMS_TOO
from core.notices.plan import PLANS
from core.notices.service import TOKEN_BYTES
from core.sms.segments import UCS2_JOINED, segments
from locales.texts import LANGUAGES
from tests.unit.bot.samples import card

LONGEST_NAME = 32
"""Letters of a bot's username (Bot API)."""
LINK = f"t.me/{'o' * LONGEST_NAME}?start={'A' * (TOKEN_BYTES * 4 // 3)}"

ABOUT: dict[str, ApplicationCard] = {
    "voucher_issued": card(Status.AWAITING_CONFIRMATION),
    "voucher_withdrawn": card(Status.IN_QUEUE),
    "choose": card(Status.VOUCHER_ISSUED),
    "confirmation_missed": card(Status.STOP_LIST),
    "restored_by_staff": card(Status.IN_QUEUE),
    "term_extended": card(Status.AWAITING_CONFIRMATION),
}
OF_TERMS = [kind for kind in ABOUT if kind not in BACK_IN_QUEUE]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", CODES)
def test_a_code_fits_into_one_segment_and_says_where_it_is_from(
    purpose: str, language: str
) -> None:
    text = code_text(purpose, language, "123456")
    assert len(text) <= 70
    assert segments(text) == 1
    assert "123456" in text
    assert text.startswith("akmola.kz")


def test_entering_and_signing_are_told_apart() -> None:
    for language in LANGUAGES:
        assert code_text("login", language, "1") != code_text("sign", language, "1")


def test_the_languages_differ() -> None:
    assert len({code_text("login", language, "1") for language in LANGUAGES}) == len(LANGUAGES)


def test_every_notice_that_is_planned_by_sms_has_a_text() -> None:
    planned = {plan.sms[1] for plan in PLANS.values() if plan.sms}
    assert planned | BY_SMS_TOO | {ALWAYS_BY_SMS} == NOTICES.keys() == ABOUT.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ABOUT)
def test_a_notice_fits_into_two_segments_with_the_longest_link(kind: str, language: str) -> None:
    text = notice_text(kind, ABOUT[kind], language, LINK)
    assert text is not None
    assert len(text) <= 2 * UCS2_JOINED
    assert segments(text) <= 2
    assert text.startswith("akmola.kz: ")
    assert text.endswith(f" {LINK}")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ABOUT)
def test_a_notice_names_nobody(kind: str, language: str) -> None:
    """A phone passes through many hands, and a parent may have two children in the queue."""
    shown = ABOUT[kind]
    text = notice_text(kind, shown, language, LINK)
    assert text is not None
    for secret in (
        shown.child.given_name,
        shown.applicant.full_name,
        shown.applicant.iin.value,
        shown.child.iin.value,
        shown.registration_number,
    ):
        assert secret not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", OF_TERMS)
def test_a_notice_of_a_term_names_the_deadline(kind: str, language: str) -> None:
    shown = ABOUT[kind]
    assert shown.deadline is not None
    text = notice_text(kind, shown, language, LINK)
    assert text is not None
    assert f"{shown.deadline.last_day:%d.%m.%Y}, 23:59" in text


def test_a_place_that_is_restored_is_told_while_it_is() -> None:
    """D14."""
    for shown in (None, card(Status.AWAITING_CONFIRMATION), card(Status.ARCHIVED)):
        assert notice_text("restored_by_staff", shown, "kk", LINK) is None


@pytest.mark.parametrize("kind", OF_TERMS)
def test_whoever_cannot_act_any_more_gets_no_sms(kind: str) -> None:
    over = replace(ABOUT[kind], actions=frozenset({Event.REMOVE_FROM_QUEUE}))
    for shown in (None, over, card(Status.IN_QUEUE), card(Status.ARCHIVED)):
        assert notice_text(kind, shown, "kk", LINK) is None


@pytest.mark.parametrize("status", Status)
def test_of_a_withdrawn_voucher_reads_who_has_no_newer_one(status: Status) -> None:
    """D13."""
    text = notice_text("voucher_withdrawn", card(status), "kk", LINK)
    assert (text is not None) is (status is Status.IN_QUEUE)
