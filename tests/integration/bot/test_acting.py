"""Acting in the chat: confirm, refuse, restore, sign; old buttons, double taps, wrong codes."""

from datetime import datetime, timedelta

import pytest
from aiogram.exceptions import TelegramServerError
from aiogram.methods import GetMe

from core.applications.rules import Event, Status
from core.clock import ALMATY
from core.vouchers.values import Reason
from tests import factories
from tests.integration.bot.acting import card, confirm, seen, sign, travel, with_voucher
from tests.integration.bot.conftest import Parent
from tests.integration.vouchers import queues


@pytest.fixture
async def voucher(parent: Parent) -> Parent:
    return await with_voucher(parent)


async def test_refusing_asks_once_more_and_can_be_stepped_back_from(voucher: Parent) -> None:
    """D7, R11."""
    await voucher.tap("❌ Ваучерден бас тарту")
    assert "өзгерте алмайсыз" in seen(voucher)
    await voucher.tap("Артқа")
    assert "Растауда" in seen(voucher)
    await voucher.tap("❌ Ваучерден бас тарту")
    await voucher.tap("Иә, бас тартамын")
    await sign(voucher)
    assert "Ваучерден бас тарттыңыз" in seen(voucher)
    assert (await card(voucher)).archived_because is Event.REFUSE_VOUCHER


async def test_a_missed_voucher_is_restored_by_one_tap_and_a_code(voucher: Parent) -> None:
    """R8, D3."""
    await travel(voucher, datetime(2026, 4, 10, 9, 0, tzinfo=ALMATY))
    await voucher.tap("Менің өтініштерім")
    await voucher.tap("Кезекті қалпына келтіру")
    await sign(voucher)
    assert "Кезек қалпына келтірілді" in seen(voucher)


async def test_after_stepping_back_the_same_press_goes_on_with_the_code_that_is_out(
    voucher: Parent,
) -> None:
    await voucher.tap("✅ Растау")
    await voucher.tap("Артқа")
    voucher.desk.clock.move(voucher.desk.clock.now() + timedelta(seconds=20))
    await voucher.tap("✅ Растау")
    assert "11:30 уақытында жіберілген код әлі жарамды" in seen(voucher)
    assert "11:35" in seen(voucher)
    assert len(voucher.desk.pocket.messages) == 2  # one to enter, one to sign
    await sign(voucher)
    assert "Қызығушылық расталды" in seen(voucher)


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
    assert "Өтініштің жағдайы өзгерді: қызығушылық расталған" in voucher.telegram.toasts[-1]
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


async def test_a_code_for_a_voucher_that_was_withdrawn_meanwhile_says_so(voucher: Parent) -> None:
    """D13."""
    await voucher.tap("✅ Растау")
    now, vouchers = voucher.desk.clock.now(), voucher.core.vouchers
    by = await queues.operator(voucher.desk.db, voucher.desk.clock)
    issued = await vouchers.find(by, "ОДО.2026.1", now)
    await vouchers.withdraw(by, issued.id, issued.version, Reason.WRONG_DATA, now)
    await sign(voucher)
    assert "Өтініштің жағдайы өзгерді: өтініш кезекте" in voucher.telegram.texts[-2]
    assert "Кезекте" in seen(voucher)


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


async def test_a_code_that_cannot_be_taken_off_the_chat_signs_all_the_same(voucher: Parent) -> None:
    """Seen in a round of faults: Telegram's error at the deletion cost the act."""
    await voucher.tap("✅ Растау")
    voucher.telegram.refusals = [TelegramServerError(GetMe(), "Bad Gateway")]
    await sign(voucher)
    assert "Қызығушылық расталды" in seen(voucher)


async def test_nobody_is_told_that_nothing_changed_when_only_the_answer_failed(
    voucher: Parent,
) -> None:
    await voucher.tap("✅ Растау")
    error = TelegramServerError(GetMe(), "Bad Gateway")
    voucher.telegram.refusals = [error, error]  # at the deletion, and at the screen
    await sign(voucher)
    assert (await card(voucher)).status is Status.VOUCHER_ISSUED
    assert "есепке алынған болуы мүмкін" in seen(voucher)
