"""Choosing a kindergarten: rows, filters, card and referral say what R12-R18 ask."""

from dataclasses import replace
from datetime import date

import pytest

from bot.keyboards.places import ChooseButton, FiltersButton, PlaceButton, PlacesButton, View
from bot.screens import place, places
from core.applications.rules import Status
from core.places.values import Mode, PlaceFilter, PlacePage
from locales.texts import LANGUAGES, texts
from tests.unit.bot.samples import ARMAN, MADINA, STAY, callbacks, card

CHOOSING = card(Status.VOUCHER_ISSUED)
PAGE = PlacePage((MADINA, ARMAN), total=20, page=1, pages=3)


def test_a_row_is_one_button_with_name_language_and_free_places() -> None:
    """R12."""
    kk, ru = (
        callbacks(places.places(CHOOSING, PAGE, View(), None, texts(t))) for t in ("kk", "ru")
    )
    assert "«Мадина» · қазақ · 7 орын" in kk
    assert "«Арман» · орыс · 9 орын · уақытша" in kk
    assert "«Мадина» · казахский · 7 мест" in ru


def test_private_ownership_stands_on_the_row() -> None:
    private = PlacePage((replace(MADINA, ownership="private"),), 1, 0, 1)
    shown = callbacks(places.places(CHOOSING, private, View(), None, texts("kk")))
    assert "«Мадина» · қазақ · жеке меншік · 7 орын" in shown


def test_the_pager_turns_and_keeps_what_is_looked_for() -> None:
    view = View(page=1, mode="t", language="ru", ownership="s", free=False, found=True)
    shown = callbacks(places.places(CHOOSING, PAGE, view, "арман", texts("en")))
    assert PlacesButton.unpack(shown["◀"]).view == replace(view, page=0)
    assert PlacesButton.unpack(shown["▶"]).view == replace(view, page=2)
    assert "2/3" in shown
    row = next(data for data in shown.values() if data.startswith("p:"))
    assert PlaceButton.unpack(row).view == view


def test_the_list_opens_with_both_modes_and_free_places_only() -> None:
    assert View().wanted("арман") == PlaceFilter()
    everything = View(mode="t", language="kk", ownership="p", free=False, found=True)
    assert everything.wanted("арман") == PlaceFilter(
        Mode.TEMPORARY, "kk", "private", only_free=False, search="арман"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_list_says_what_to_do(language: str) -> None:
    t = texts(language)
    nothing = PlacePage((), 0, 0, 1)
    screen = places.places(CHOOSING, nothing, View(mode="t"), None, t)
    assert t("Nothing fits. Change the filters or the name.") in screen.text
    assert t.plain("Show all with free places") in callbacks(screen)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_filters_mark_what_is_chosen(language: str) -> None:
    t = texts(language)
    shown = callbacks(places.filters(CHOOSING, PAGE, View(mode="t", page=2), t))
    marked = [text for text in shown if text.startswith("✓ ")]
    assert f"✓ {t.plain('temporary stay')}" in marked
    general = FiltersButton.unpack(shown[t.plain("general")])
    assert general.view == View(mode="g")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_has_everything_of_r13(language: str) -> None:
    t = texts(language)
    text = places.place(CHOOSING, MADINA, View(), t).text
    for value in (MADINA.phone, MADINA.address, place.kind(MADINA, t).capitalize()):
        assert value
        assert value in text
    assert place.language(MADINA, t) in text
    assert place.mode(MADINA, t) in text
    assert place.ownership(MADINA, t) in text


def test_an_address_that_is_missing_is_a_dash_and_no_pin_is_offered() -> None:
    screen = places.place(CHOOSING, ARMAN, View(), texts("kk"))
    assert "Мекенжайы: —" in screen.text
    assert "📍 Картадан көрсету" not in callbacks(screen)
    assert "📍 Картадан көрсету" in callbacks(places.place(CHOOSING, MADINA, View(), texts("kk")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_full_kindergarten_says_so_and_cannot_be_chosen(language: str) -> None:
    t = texts(language)
    screen = places.place(CHOOSING, replace(MADINA, free=0), View(), t)
    assert t("No free places at the moment.") in screen.text
    assert not [data for data in callbacks(screen).values() if data.startswith("pc:")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_referral_to_a_temporary_place_is_complete(language: str) -> None:
    """R16, R17, R18: what, where, until when, what then, and that the queue is kept."""
    t = texts(language)
    text = places.referral(CHOOSING, ARMAN, View(), date(2026, 5, 4), t).text
    assert "«Арман»" in text
    assert place.language(ARMAN, t) in text
    assert "30.04.2026" in text
    assert "04.05.2026" in text
    assert t("Your place in the general queue is kept.") in text
    assert t("Confirm receipt of the referral.") in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_permanent_place_says_that_it_ends_the_temporary_stay(language: str) -> None:
    """D4."""
    staying = replace(CHOOSING, stay=STAY)
    text = places.referral(staying, MADINA, View(), None, texts(language)).text
    assert "«Арман»" in text
    assert "«Арман»" not in places.referral(CHOOSING, MADINA, View(), None, texts(language)).text


def test_choosing_leads_to_the_referral_and_back_to_the_same_list() -> None:
    view = View(page=2, mode="g", found=True)
    shown = callbacks(places.place(CHOOSING, MADINA, view, texts("en")))
    assert ChooseButton.unpack(shown["Choose this one"]).place == MADINA.id
    assert PlacesButton.unpack(shown[texts("en").plain("Back")]).view == view


@pytest.mark.parametrize(
    ("given", "called"),
    [
        ('"Мадина" білім беру ұйымы" ЖМ бөбекжай-бақшасы', "«Мадина»"),
        ("ГККП «Ясли-сад «Арман»", "«Арман»"),
        ("ГККП «Ясли-сад «Арман»»", "«Арман»"),
        ('ГККП "Ясли-сад "Арман"', "«Арман»"),
        ('ГККП "Ясли-сад "Болашак" при отделе образования по Кокшетау', "«Болашак»"),
        ('"Білім бөлімі жанындағы "Болашақ" бөбекжай-бақшасы" МКҚК', "«Болашақ»"),
        ('ГККП "Ясли-сад «Арман»"', "«Арман»"),
        ('ГККП «Ясли-сад "Арман"»', "«Арман»"),
        ("« Арман » ЖШС", "«Арман»"),
        ('ГККП "Ясли-сад №12"', "«Ясли-сад №12»"),
        ("kokshe", "«kokshe»"),
        ("ТОО Bright Start", "«Bright Start»"),
        (
            "Государственное коммунальное казённое предприятие ясли-сад Арман",
            "«ясли-сад Арман»",
        ),
        (
            "Арман бөбекжай-бақшасы мемлекеттік коммуналдық қазыналық кәсіпорны",
            "«Арман бөбекжай-бақшасы»",
        ),
    ],
)
def test_a_kindergarten_is_called_as_people_call_it(given: str, called: str) -> None:
    assert place.name(replace(MADINA, kindergarten=given)) == called


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Центр раннего развития детей Арман", "«Центр ранне…детей Арман»"),
        ("Арман балаларды ерте дамыту орталығы", "«Арман балал…ыту орталығы»"),
    ],
)
def test_a_name_too_long_for_a_button_keeps_both_its_ends(given: str, shown: str) -> None:
    assert place.short_name(replace(MADINA, kindergarten=given)) == shown
