"""SMS: one segment, the code in it, and a warning to tell no one."""

import pytest

from bot.screens.sms import CODES, code_text
from core.sms.segments import segments
from locales.texts import LANGUAGES


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
