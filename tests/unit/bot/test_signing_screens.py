"""Signing: what is signed stands whole, and every answer to a code helps."""

import pytest

from bot.screens import signing, troubles
from core.applications.rules import Event, Refusal, Status
from core.codes.values import CodeAnswer, Outcome
from core.signing.values import Asked
from locales.texts import LANGUAGES, texts
from tests.unit.bot.samples import NOW, PHONE, callbacks, card

SHOWN = card(Status.AWAITING_CONFIRMATION)
ASKED = Asked(7, 8, Event.CONFIRM_INTEREST, "I confirm <everything> & more", {}, None, NOW)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_text_is_shown_as_text_and_the_phone_masked(language: str) -> None:
    screen = signing.asked(SHOWN, ASKED, PHONE, texts(language))
    assert "I confirm &lt;everything&gt; &amp; more" in screen.text
    assert PHONE.masked in screen.text
    assert PHONE.value not in screen.text
    assert list(callbacks(screen).values()) == ["code:1:3:7", "drop:1:3:7"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_gateway_the_press_is_told_to_count(language: str) -> None:
    """D8."""
    screen = signing.waiting(SHOWN, ASKED, texts(language))
    assert "<b>07.04.2026, 12:00</b>" in screen.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_answer_to_a_code_has_words_and_a_way_on(outcome: Outcome, language: str) -> None:
    answer = CodeAnswer(outcome, 4, NOW)
    screen = signing.not_right(SHOWN, 7, answer, texts(language))
    assert len(screen.text.splitlines()) == 2
    assert len(callbacks(screen)) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_code_says_how_many_tries_are_left(language: str) -> None:
    answer = CodeAnswer(Outcome.WRONG, 4)
    assert "4" in signing.not_right(SHOWN, 7, answer, texts(language)).text.splitlines()[1]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("refusal", list(Refusal))
def test_every_refusal_has_words_that_fit_an_alert(refusal: Refusal, language: str) -> None:
    said = troubles.refused(refusal, texts(language))
    assert 0 < len(said) <= 200
