"""The text of an act says everything it does, in every language, and can be signed."""

from typing import Any

import pytest

from core.applications.rules import BY_PARENT, CHOOSING
from documents.acts import ACTS, act_text
from locales.texts import LANGUAGES
from tests.unit.documents.samples import GENERAL, TEMPORARY

WITHOUT_PLACE = ("confirm_interest", "refuse_voucher", "remove_from_queue", "restore")
EVERY_ACT = [
    *((act, GENERAL) for act in WITHOUT_PLACE),
    ("take_place", GENERAL),
    ("take_temporary_place", TEMPORARY),
]
in_every_language = pytest.mark.parametrize("language", LANGUAGES)
for_every_act = pytest.mark.parametrize(("act", "facts"), EVERY_ACT, ids=[a for a, _ in EVERY_ACT])


def test_every_act_of_a_parent_has_a_text_and_nothing_else_has() -> None:
    assert set(ACTS) == {event.value for event in BY_PARENT}


@in_every_language
@for_every_act
def test_an_act_names_the_application_the_child_and_the_signer(
    act: str, facts: dict[str, Any], language: str
) -> None:
    text = act_text(act, facts, language)
    for value in ("ОДО.2026.248", "Айару", "17.09.2022", "Әбдіғали Сәуле Төлегенқызы"):
        assert value in text


@in_every_language
@for_every_act
def test_the_same_act_is_the_same_text_and_short(
    act: str, facts: dict[str, Any], language: str
) -> None:
    text = act_text(act, facts, language)
    assert text == act_text(act, dict(reversed(facts.items())), language)
    assert len(text) <= 900


@in_every_language
def test_no_two_acts_have_the_same_text(language: str) -> None:
    texts = {act_text(act, facts, language) for act, facts in EVERY_ACT}
    assert len(texts) == len(EVERY_ACT)


@in_every_language
def test_confirming_tells_the_days_that_follow(language: str) -> None:
    """R10."""
    assert f" {CHOOSING.count} " in act_text("confirm_interest", GENERAL, language)


@in_every_language
def test_a_place_is_named_with_address_and_language(language: str) -> None:
    text = act_text("take_place", GENERAL, language)
    assert GENERAL["kindergarten"] in text
    assert GENERAL["address"] in text
    assert {"kk": "қазақ", "ru": "казахский", "en": "Kazakh"}[language] in text


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        (
            "kk",
            (
                "Бұл уақытша орын",
                "30.04.2026, бейсенбі",
                "автоматты түрде шығарылады",
                "04.05.2026, дүйсенбі",
                "Ваучер жойылады",
                "Жалпы кезектегі орын сақталады",
                "Жолдаманы алғанымды растаймын".lower(),
            ),
        ),
        (
            "ru",
            (
                "Это временное место",
                "30.04.2026, четверг",
                "отчисляется автоматически",
                "04.05.2026, понедельник",
                "Ваучер аннулируется",
                "Место в общей очереди сохраняется",
                "Подтверждаю получение направления".lower(),
            ),
        ),
        (
            "en",
            (
                "This is a temporary place",
                "Thursday 30.04.2026",
                "withdrawn automatically",
                "Monday 04.05.2026",
                "the voucher is annulled",
                "The place in the general queue is kept",
                "I confirm receipt of the referral".lower(),
            ),
        ),
    ],
)
def test_a_temporary_place_says_all_of_it(language: str, parts: tuple[str, ...]) -> None:
    """R16-R18."""
    text = act_text("take_temporary_place", TEMPORARY, language)
    for part in (*parts, TEMPORARY["kindergarten"]):
        assert part.lower() in text.lower()
    assert ": —\n" in text  # the address that only repeats the name


def test_a_name_adds_no_line_and_hides_nothing() -> None:
    named = GENERAL | {"kindergarten": "«Мадина»\nМекенжайы: басқа\u2028\u202e\x00 {number} <b>"}
    text = act_text("take_place", named, "kk")
    assert len(text.splitlines()) == len(act_text("take_place", GENERAL, "kk").splitlines())
    assert "«Мадина» Мекенжайы: басқа {number} <b>\n" in text


def test_what_nobody_signs_has_no_text() -> None:
    with pytest.raises(KeyError):
        act_text("confirmation_missed", GENERAL, "kk")
