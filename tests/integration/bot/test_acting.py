"""Acting in the chat: confirm, refuse, restore, sign; old buttons, double taps, wrong codes."""

from datetime import datetime, timedelta

import pytest
from aiogram.methods import SendDocument

from core.applications.rules import Event
from core.applications.values import ApplicationCard
from core.clock import ALMATY
from core.login.values import Person
from core.sweep import Sweep
from tests import factories
from tests.integration.bot.conftest import Parent


@pytest.fixture
async def voucher(parent: Parent) -> Parent:
    """A parent who has entered, and whose only application has a voucher."""
    now = parent.desk.clock.now()
    await factories.application(parent.desk.db, now)
    await parent.core.applications.issue_voucher("ОДО.2026.1", actor="portal", moment=now)
    await parent.enter()
    return parent


async def card(parent: Parent) -> ApplicationCard:
    now = parent.desk.clock.now()
    return (await parent.core.applications.journal(await person(parent), now))[0]


async def person(parent: Parent) -> Person:
    visitor = await parent.core.visitors.load(parent.id, parent.desk.clock.now())
    assert visitor.person is not None
    return visitor.person


async def sign(parent: Parent) -> None:
    await parent.say(parent.desk.pocket.newest_code)


async def confirm(parent: Parent) -> None:
    await parent.tap("✅ Растау")
    await sign(parent)


async def travel(parent: Parent, moment: datetime) -> None:
    parent.desk.clock.move(moment)
    await Sweep(parent.desk.db, parent.desk.book).run(parent.desk.clock.now())


def seen(parent: Parent) -> str:
    """What the chat has shown last."""
    return parent.telegram.texts[-1]


def files(parent: Parent) -> list[str]:
    sent = [call for call in parent.telegram.calls if isinstance(call, SendDocument)]
    return [call.document.filename or "" for call in sent if not isinstance(call.document, str)]


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
    until = datetime(2026, 4, 30, tzinfo=ALMATY).date()
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


async def test_refusing_asks_once_more_and_can_be_stepped_back_from(voucher: Parent) -> None:
    """D7, R11."""
    await voucher.tap("❌ Ваучерден бас тарту")
    assert "өзгерте алмайсыз" in seen(voucher)
    await voucher.tap("Артқа")
    assert "Растауда" in seen(voucher)
    await voucher.tap("❌ Ваучерден бас тарту")
    await voucher.tap("Иә, бас тартамын")
    await sign(voucher)
    assert "Сіз ваучерден бас тарттыңыз" in seen(voucher)
    assert (await card(voucher)).archived_because is Event.REFUSE_VOUCHER


async def test_a_missed_voucher_is_restored_by_one_tap_and_a_code(voucher: Parent) -> None:
    """R8, D3."""
    await travel(voucher, datetime(2026, 4, 10, 9, 0, tzinfo=ALMATY))
    await voucher.tap("Менің өтініштерім")
    await voucher.tap("Кезекті қалпына келтіру")
    await sign(voucher)
    assert "Кезек қалпына келтірілді" in seen(voucher)


async def test_a_second_tap_shows_what_the_first_made_and_sends_no_second_code(
    voucher: Parent,
) -> None:
    message, button = voucher.telegram.message_with("✅ Растау")
    assert button.callback_data
    await voucher.press(button.callback_data, message)
    await voucher.press(button.callback_data, message)
    assert len(voucher.desk.pocket.messages) == 2  # one to enter, one to sign
    await sign(voucher)
    assert "ваучер берілді" in seen(voucher)


async def test_an_old_button_says_what_is_current_and_changes_nothing(voucher: Parent) -> None:
    message, button = voucher.telegram.message_with("✅ Растау")
    assert button.callback_data
    await confirm(voucher)
    before = await card(voucher)
    await voucher.press(button.callback_data, message)
    assert "Бұл батырма ескірді: қызығушылық расталған" in voucher.telegram.toasts[-1]
    assert "Ваучер берілді" in seen(voucher)
    assert await card(voucher) == before


async def test_a_press_after_the_end_is_refused_with_the_current_status(voucher: Parent) -> None:
    """D8: also where the sweep has not come yet."""
    voucher.desk.clock.move(datetime(2026, 4, 10, 0, 0, tzinfo=ALMATY))
    await voucher.tap("✅ Растау")
    assert "мерзім" in voucher.telegram.toasts[-1].lower()
    assert "Мерзім аяқталды" in seen(voucher)


async def test_a_press_before_midnight_is_signed_after_it(voucher: Parent) -> None:
    """D8."""
    voucher.desk.clock.move(datetime(2026, 4, 9, 23, 58, tzinfo=ALMATY))
    await voucher.tap("✅ Растау")
    await travel(voucher, datetime(2026, 4, 10, 0, 1, tzinfo=ALMATY))
    await sign(voucher)
    assert "Қызығушылық расталды" in seen(voucher)


async def test_a_wrong_code_leaves_tries_and_a_right_one_still_signs(voucher: Parent) -> None:
    await voucher.tap("✅ Растау")
    code = voucher.desk.pocket.newest_code
    await voucher.say("000000" if code != "000000" else "111111")
    assert "Қалған мүмкіндік: 4" in seen(voucher)
    await voucher.say(f"{code[:3]} {code[3:]}")
    assert "Қызығушылық расталды" in seen(voucher)
    assert len(voucher.telegram.deleted) >= 4  # codes, and what asked for them


async def test_something_else_instead_of_the_code_is_answered(voucher: Parent) -> None:
    await voucher.tap("✅ Растау")
    await voucher.say("сәлем " * 800)
    assert "6 цифр" in seen(voucher)
    await sign(voucher)
    assert "Қызығушылық расталды" in seen(voucher)


async def test_a_new_code_makes_the_old_one_void(voucher: Parent) -> None:
    await voucher.tap("✅ Растау")
    old = voucher.desk.pocket.newest_code
    voucher.desk.clock.move(voucher.desk.clock.now() + timedelta(seconds=61))
    await voucher.tap("Жаңа код алу")
    new = voucher.desk.pocket.newest_code
    if old != new:
        await voucher.say(old)
        assert "Қалған мүмкіндік" in seen(voucher)
    await voucher.say(new)
    assert "Қызығушылық расталды" in seen(voucher)


async def test_while_no_gateway_takes_the_code_the_press_is_told_to_count(voucher: Parent) -> None:
    """D8."""
    voucher.desk.pocket.dead = True
    await voucher.tap("✅ Растау")
    assert "07.04.2026, 11:30" in seen(voucher)
    voucher.desk.pocket.dead = False
    voucher.desk.clock.move(voucher.desk.clock.now() + timedelta(minutes=1))
    for code_id in await voucher.desk.codes.due(voucher.desk.clock.now()):
        await voucher.desk.codes.deliver(code_id)
    await sign(voucher)
    assert "Қызығушылық расталды" in seen(voucher)


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


async def test_filters_narrow_the_list_and_keep_their_choice(voucher: Parent) -> None:
    await factories.place(voucher.desk.db, name="«Қарлығаш»", language="kk")
    await factories.place(voucher.desk.db, name="«Арман»", language="ru")
    await confirm(voucher)
    await voucher.tap("Балабақша таңдау")
    await voucher.tap("Сүзгілер")
    await voucher.tap("қазақ")
    await voucher.tap("Көрсету: 1")
    found = str(voucher.telegram.newest.reply_markup)
    assert "«Қарлығаш»" in found
    assert "«Арман»" not in found


async def test_the_tabs_show_information_history_and_documents(voucher: Parent) -> None:
    """R5."""
    await voucher.tap("Ақпарат")
    assert "Тіркелген күні мен уақыты" in seen(voucher)
    await voucher.tap("Нөмірім неге өзгереді?")
    assert "Кезек нөмірі" in seen(voucher)
    await voucher.tap("Артқа")
    await voucher.tap("Тарих")
    assert "ваучер берілді (akmola.kz порталы)" in seen(voucher)
    await voucher.tap("Құжаттар")
    assert "Құжаттар әзірге жоқ" in seen(voucher)
    await voucher.tap("Артқа")
    await voucher.tap("Мерзім қалай есептелді?")
    assert "2-жұмыс күні: 09.04.2026, бейсенбі" in seen(voucher)


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


async def test_two_children_stand_side_by_side(voucher: Parent) -> None:
    """D11: a single one opens by itself, two are listed."""
    await factories.application(voucher.desk.db, voucher.desk.clock.now(), 2, applicant=1)
    await voucher.tap("Менің өтініштерім")
    assert "Child1" in seen(voucher)
    assert "Child2" in seen(voucher)
    await voucher.tap("Child2 · Кезекте")
    assert "ОДО.2026.2" in seen(voucher)


async def test_without_applications_the_reason_and_the_phone_are_told(parent: Parent) -> None:
    await parent.enter()
    assert "akmola.kz" in seen(parent)
    assert "+7 716 255 11 22" in seen(parent)


async def test_somebody_elses_button_tells_nothing(voucher: Parent) -> None:
    """D11."""
    await factories.parent(voucher.desk.db, voucher.desk.clock.now(), number=2)
    theirs = await factories.application(voucher.desk.db, voucher.desk.clock.now(), number=2)
    shown = len(voucher.telegram.texts)
    for data in (f"app:{theirs}:1:i", f"act:{theirs}:1:remove_from_queue", f"nums:{theirs}:1"):
        await voucher.press(data)
    assert len(voucher.telegram.texts) == shown
    assert len(voucher.telegram.toasts[-3:]) == 3
