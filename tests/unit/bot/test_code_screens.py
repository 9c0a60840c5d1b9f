"""Offering another operator for a code: the same words whatever became of the message."""

import pytest

from bot.screens.codes import unconfirmed_login, unconfirmed_signing
from core.applications.rules import Status
from locales.texts import LANGUAGES, texts
from tests.telegram_stub import labels
from tests.unit.bot.samples import card


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_enters_is_told_nothing_about_the_message(language: str) -> None:
    """R3: whether one went out at all must not show."""
    screen = unconfirmed_login(7, texts(language))
    assert screen.text == unconfirmed_login(8, texts(language)).text
    assert len(screen.text.splitlines()) == 3
    assert len(labels(screen.keyboard)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_signs_sees_which_application_it_is_about(language: str) -> None:
    about = card(Status.AWAITING_CONFIRMATION)
    screen = unconfirmed_signing(about, 7, texts(language))
    assert about.registration_number in screen.text
    assert len(screen.text.splitlines()) <= 5


def test_the_languages_differ() -> None:
    shown = [unconfirmed_login(7, texts(language)) for language in LANGUAGES]
    assert len({screen.text for screen in shown}) == len(LANGUAGES)
    assert len({labels(screen.keyboard)[0] for screen in shown}) == len(LANGUAGES)
