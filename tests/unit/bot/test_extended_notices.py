"""The notice of a term that an outage has extended (D18), where nothing can be done in it (D2)."""

from datetime import date

import pytest

from bot.screens import notices
from core.applications.rules import Status
from locales.texts import LANGUAGES, texts
from tests.unit.bot.samples import NOW, callbacks, card, extended

LONGER = date(2026, 5, 12)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_second_stop_list_is_extended_without_a_promise(language: str) -> None:
    """Nobody is told to be in time, or to use buttons, for what cannot be restored."""
    t = texts(language)
    told = {}
    for restored in (False, True):
        shown = extended(card(Status.STOP_LIST, restored=restored), LONGER)
        details = {"version": 3, "last_day": LONGER.isoformat()}
        screen = notices.render("term_extended", shown, details, t, NOW)
        assert screen is not None
        assert t.until(LONGER) in screen.text
        told[restored] = screen
    act = "act:1:3:restore"
    again = t("The place in the queue has been restored once before; it cannot be restored again.")
    works = t(
        "You need not do anything to get this time. Buttons that you already have still work."
    )
    missed = t(
        "Deadline: <b>{until}</b>. If you miss it, the application goes to the archive.",
        until=t.until(LONGER),
    )
    assert works in told[False].text
    assert missed in told[False].text
    assert act in callbacks(told[False]).values()
    assert again in told[True].text
    assert works not in told[True].text
    assert missed not in told[True].text
    assert act not in callbacks(told[True]).values()
