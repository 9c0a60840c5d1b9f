"""What is told of a temporary stay when the general turn has come meanwhile (D4)."""

from datetime import date

import pytest

from bot.screens import notices
from core.applications.rules import Status
from locales.texts import texts
from tests.unit.bot.samples import NOW, STAY, callbacks, card

TURN = date(2026, 4, 29)
ENDS = {"last_day": "2026-04-30", "withdraw_on": "2026-05-04"}
KINDS = {
    "stay_reminder": (STAY, NOW.replace(day=29)),
    "stay_last_day": (STAY, NOW.replace(day=30, hour=9)),
    "stay_last_evening": (STAY, NOW.replace(day=30, hour=20)),
    "stay_ended": (None, NOW.replace(month=5, day=4, hour=9)),
}
ANNULLED = {"kk": ". Ваучер жойыл", "ru": ". Ваучер аннулир", "en": ". The voucher is annulled"}
ACTS = {
    Status.AWAITING_CONFIRMATION: "act:1:3:confirm_interest",
    Status.VOUCHER_ISSUED: "pl:1:3:0::::1:0",
}


@pytest.mark.parametrize("language", ANNULLED)
@pytest.mark.parametrize("status", ACTS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_new_voucher_is_not_called_annulled(kind: str, status: Status, language: str) -> None:
    """It stands there with its own term and its act."""
    (stay, now), t = KINDS[kind], texts(language)
    shown = card(status, now=now, from_day=TURN, stay=stay)
    screen = notices.render(kind, shown, ENDS, t, now)
    assert screen is not None
    assert shown.deadline is not None
    assert t.until(shown.deadline.last_day) in screen.text
    assert ANNULLED[language] not in screen.text
    assert ACTS[status] in callbacks(screen).values()
    assert len(screen.text.splitlines()) <= 5


@pytest.mark.parametrize("language", ANNULLED)
@pytest.mark.parametrize("kind", KINDS)
def test_who_waits_is_told_that_the_voucher_is_annulled_and_the_place_kept(
    kind: str, language: str
) -> None:
    """R16, R17; so is who has let the new voucher's term pass."""
    (stay, now), t = KINDS[kind], texts(language)
    lapsed = card(Status.AWAITING_CONFIRMATION, now=now, stay=stay)  # it has ended on 09.04
    for shown in (card(Status.IN_QUEUE, stay=stay), lapsed):
        screen = notices.render(kind, shown, ENDS, t, now)
        assert screen is not None
        assert ANNULLED[language] in screen.text
        kept = t("The place in the general queue is kept, number: {number}.", number=1)
        assert kept in screen.text
