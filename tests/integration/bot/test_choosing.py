"""Choosing a kindergarten in the chat (R12-R17): the list, the hold, the signature, the papers."""

from datetime import date, datetime

import pytest

from bot.keyboards.places import SearchButton
from core.applications.rules import Event
from core.clock import ALMATY
from tests import factories
from tests.integration.bot.acting import card, confirm, files, seen, sign, travel, with_voucher
from tests.integration.bot.conftest import Parent

OVER = "Бұл уақытша орынның мерзімі аяқталған. Басқа орын таңдаңыз."


@pytest.fixture
async def voucher(parent: Parent) -> Parent:
    return await with_voucher(parent)


async def test_from_the_voucher_to_the_contract_in_five_taps_and_two_codes(voucher: Parent) -> None:
    """R9, R10, R14."""
    await factories.place(voucher.desk.db, free=3)
    await voucher.tap("✅ Растау")
    assert "confirm_interest" in seen(voucher)  # what is signed stands there
    await sign(voucher)
    assert "14.04.2026, сейсенбі, 23:59" in seen(voucher)
    await voucher.tap("Балабақша таңдау")
    await voucher.tap("«Мадина» · орыс · 3 орын")
    await voucher.tap("Осыны таңдау")
    await voucher.tap("Қол қою және жіберу")
    await sign(voucher)
    assert "Келісімшартқа қол қойылды" in seen(voucher)
    assert [name.split("-")[0] for name in files(voucher)] == ["referral", "contract"]


async def test_a_temporary_place_sends_the_child_back_into_the_queue(voucher: Parent) -> None:
    """R16, R17, D4."""
    until = date(2026, 4, 30)
    await factories.place(voucher.desk.db, mode="temporary", until=until, name="«Арман»")
    await confirm(voucher)
    await voucher.tap("Балабақша таңдау")
    await voucher.tap("«Арман» · орыс · 1 орын · уақытша")
    await voucher.tap("Осыны таңдау")
    assert "04.05.2026, дүйсенбі" in seen(voucher)
    await voucher.tap("Қол қою және жіберу")
    await sign(voucher)
    assert "Уақытша орын алынды" in seen(voucher)
    assert [name.split("-")[0] for name in files(voucher)] == ["referral"]


async def test_no_temporary_place_is_listed_that_has_only_days_off_left(voucher: Parent) -> None:
    """D19."""
    for name, until in (("«Арман»", date(2026, 4, 12)), ("«Балапан»", date(2026, 4, 13))):
        await factories.place(voucher.desk.db, mode="temporary", until=until, name=name)
    await confirm(voucher)
    await voucher.tap("Балабақша таңдау")
    assert "«Арман»" in str(voucher.telegram.newest.reply_markup)
    await travel(voucher, datetime(2026, 4, 10, 21, 0, tzinfo=ALMATY))
    await voucher.tap("Сүзгілер")
    await voucher.tap("1 нұсқаны көрсету")
    listed = str(voucher.telegram.newest.reply_markup)
    assert "«Балапан»" in listed
    assert "«Арман»" not in listed


async def test_an_old_button_of_a_temporary_place_that_is_over_offers_no_day_that_is_past(
    voucher: Parent,
) -> None:
    """D19: neither on its card nor in its referral."""
    until = date(2026, 4, 9)
    await factories.place(voucher.desk.db, mode="temporary", until=until, name="«Арман»")
    await confirm(voucher)
    await voucher.tap("Балабақша таңдау")
    row = voucher.telegram.message_with("«Арман»")
    await voucher.tap("«Арман»")
    choose = voucher.telegram.message_with("Осыны таңдау")
    await travel(voucher, datetime(2026, 4, 10, 10, 0, tzinfo=ALMATY))
    for message, button in (row, choose):
        said = len(voucher.telegram.toasts)
        await voucher.press(button.callback_data or "", message)
        assert voucher.telegram.toasts[said:] == [OVER]
        assert "Балабақша таңдаңыз" in seen(voucher)


async def test_a_press_that_comes_when_a_temporary_place_is_over_is_told_so(
    voucher: Parent,
) -> None:
    """D19: and not that somebody else has taken it."""
    until = date(2026, 4, 9)
    await factories.place(voucher.desk.db, mode="temporary", until=until, name="«Арман»")
    await confirm(voucher)
    await voucher.tap("Балабақша таңдау")
    await voucher.tap("«Арман»")
    await voucher.tap("Осыны таңдау")
    await travel(voucher, datetime(2026, 4, 9, 21, 0, tzinfo=ALMATY))
    await voucher.tap("Қол қою және жіберу")
    assert voucher.telegram.toasts[-1] == OVER
    assert "Балабақша таңдаңыз" in seen(voucher)


async def test_stepping_back_from_signing_frees_the_place(voucher: Parent) -> None:
    """D6: a place that is held is not free, and is again after the step back."""
    place = await factories.place(voucher.desk.db, free=1)
    await confirm(voucher)
    await voucher.tap("Балабақша таңдау")
    await voucher.tap("«Мадина»")
    await voucher.tap("Осыны таңдау")
    await voucher.tap("Қол қою және жіберу")
    held = await voucher.core.places.place(place)
    assert held is not None
    assert held.free == 0
    await voucher.tap("Артқа")
    freed = await voucher.core.places.place(place)
    assert freed is not None
    assert freed.free == 1


async def test_a_place_that_has_just_gone_is_told_and_the_list_stands_again(
    voucher: Parent,
) -> None:
    place = await factories.place(voucher.desk.db, free=1)
    await factories.place(voucher.desk.db, free=2, name="«Арман»")
    await confirm(voucher)
    await voucher.tap("Балабақша таңдау")
    await voucher.tap("«Мадина»")
    await voucher.tap("Осыны таңдау")
    other = await factories.parent(voucher.desk.db, voucher.desk.clock.now(), number=2)
    theirs = await factories.application(voucher.desk.db, voucher.desk.clock.now(), number=2)
    await voucher.core.applications.issue_voucher(
        "ОДО.2026.2", actor="portal", moment=voucher.desk.clock.now()
    )
    await voucher.desk.act(theirs, other, Event.CONFIRM_INTEREST)
    await voucher.desk.act(theirs, other, Event.TAKE_PLACE, place_id=place)
    await voucher.tap("Қол қою және жіберу")
    assert voucher.telegram.toasts[-1]
    assert "Балабақша таңдаңыз" in seen(voucher)
    assert voucher.telegram.message_with("«Арман» · орыс · 2 орын")


async def test_a_russian_keyboard_finds_a_kazakh_name(voucher: Parent) -> None:
    await factories.place(voucher.desk.db, name="«Қарлығаш»")
    await factories.place(voucher.desk.db, name="«Арман»")
    await confirm(voucher)
    await voucher.tap("Балабақша таңдау")
    await voucher.tap("🔎 Атауы бойынша")
    await voucher.say("карлыгаш")
    assert "«карлыгаш»" in seen(voucher)
    found = str(voucher.telegram.newest.reply_markup)
    assert "«Қарлығаш»" in found
    assert "«Арман»" not in found


async def test_back_from_asking_for_a_name_shows_what_the_last_one_found(voucher: Parent) -> None:
    for name in ("«Қарлығаш»", "«Арман»"):
        await factories.place(voucher.desk.db, name=name)
    await confirm(voucher)
    await voucher.tap("Балабақша таңдау")
    await voucher.tap("🔎 Атауы бойынша")
    await voucher.say("карлыгаш")
    await voucher.tap("🔎 Атауы бойынша")
    await voucher.tap("Артқа")
    assert "«карлыгаш»" in seen(voucher)
    found = str(voucher.telegram.newest.reply_markup)
    assert "«Қарлығаш»" in found
    assert "«Арман»" not in found


@pytest.mark.parametrize("label", ["🔎 Атауы бойынша", "Сүзгілер"])
async def test_nothing_is_looked_for_when_the_voucher_is_over(voucher: Parent, label: str) -> None:
    """R10."""
    await factories.place(voucher.desk.db, name="«Қарлығаш»")
    await confirm(voucher)
    await voucher.tap("Балабақша таңдау")
    deadline = (await card(voucher)).deadline
    assert deadline is not None
    await travel(voucher, deadline.ends_at)
    await voucher.tap(label)
    assert "өтініш мұрағатта" in voucher.telegram.toasts[-1]
    assert "мұрағатта" in seen(voucher)


async def test_filters_narrow_the_list_and_keep_their_choice(voucher: Parent) -> None:
    await factories.place(voucher.desk.db, name="«Қарлығаш»", language="kk")
    await factories.place(voucher.desk.db, name="«Арман»", language="ru")
    await confirm(voucher)
    await voucher.tap("Балабақша таңдау")
    await voucher.tap("Сүзгілер")
    await voucher.tap("қазақ")
    await voucher.tap("1 нұсқаны көрсету")
    found = str(voucher.telegram.newest.reply_markup)
    assert "«Қарлығаш»" in found
    assert "«Арман»" not in found


async def test_signed_documents_come_again_from_their_tab(voucher: Parent) -> None:
    await factories.place(voucher.desk.db)
    await confirm(voucher)
    await voucher.tap("Балабақша таңдау")
    await voucher.tap("«Мадина»")
    await voucher.tap("Осыны таңдау")
    await voucher.tap("Қол қою және жіберу")
    await sign(voucher)
    await voucher.tap("Құжаттар")
    await voucher.tap("Электрондық келісімшарт")
    assert files(voucher)[2].startswith("contract-")


async def test_a_code_typed_for_a_name_is_no_search_and_signs_after_going_back(
    voucher: Parent,
) -> None:
    await factories.place(voucher.desk.db)
    await confirm(voucher)
    await voucher.tap("Балабақша таңдау")
    await voucher.tap("«Мадина»")
    await voucher.tap("Осыны таңдау")
    message, button = voucher.telegram.message_with("Қол қою және жіберу")
    assert button.callback_data
    await voucher.tap("Қол қою және жіберу")
    code = voucher.desk.pocket.newest_code
    await voucher.press(SearchButton(application=1, version=(await card(voucher)).version).pack())
    typed = await voucher.say(code)
    assert typed in voucher.telegram.deleted
    assert "сол батырманы қайта басыңыз" in seen(voucher)
    await voucher.press(button.callback_data, message)
    await sign(voucher)
    assert "Келісімшартқа қол қойылды" in seen(voucher)
