"""The call list in the chat."""

import pytest

from bot.keyboards.staff.calls import CalledButton, UndoCallButton
from bot.screens.staff import calls, family_acts
from core.identity.rules import Iin
from core.notices.calls import Called
from core.staff.rules import Role
from locales.texts import texts
from tests import factories
from tests.integration.bot.acting import travel
from tests.integration.bot.conftest import Parent
from tests.integration.bot.test_families_desk import become
from tests.integration.notices.post import moment

KK = texts("kk")


@pytest.fixture
async def operator(parent: Parent) -> Parent:
    """Two families on the list, whose applicants have no chat, and no mobile phone."""
    await become(parent)
    now = parent.core.clock.now()
    for number in (2, 3):
        await factories.application(parent.desk.db, now, number)
        number_of = f"ОДО.2026.{number}"
        await parent.core.applications.issue_voucher(number_of, actor="portal", moment=now)
    await travel(parent, moment("09.04 08:00"))
    await parent.say("/calls")
    return parent


async def test_a_call_is_noted_with_one_tap_and_taken_back(operator: Parent) -> None:
    told = await operator.seen()
    assert told.count("+77750000000") == 2
    assert "09.04.2026, бейсенбі, 23:59" in told
    await operator.tap("1 ✅")
    assert "Parent 2" in await operator.seen()
    await operator.tap(KK.plain("Next on the list"))
    assert "Parent 2" not in await operator.seen()
    await operator.tap("1 📵")
    await operator.tap(KK.plain("Next on the list"))
    assert (
        KK.plain("Nobody answered: {count}, last at {moment}", count=1, moment="09.04.2026, 08:00")
        in await operator.seen()
    )
    await operator.press(UndoCallButton(notice=await first_call(operator), tries=1).pack())
    assert operator.telegram.toasts[-1] == calls.taken_back(KK)
    told = await operator.seen()
    assert "Parent 3" in told
    assert "09.04.2026, 08:00" not in told


async def test_what_a_colleague_has_noted_is_said_kindly(operator: Parent) -> None:
    notice = await first_call(operator)
    boss = await operator.core.staff.grant(
        Iin(factories.iin(900)), Role.HEAD, None, by=None, moment=operator.core.clock.now()
    )
    now = operator.core.clock.now()
    await operator.core.calls.mark(notice, Called.WILL_CONFIRM, boss, now)
    await operator.tap("1 📵")
    assert operator.telegram.toasts[-1].startswith("Бұл қоңырау белгіленіп қойған")
    assert "Parent 2" not in await operator.seen()
    await operator.press(UndoCallButton(notice=notice, tries=1).pack())
    assert operator.telegram.toasts[-1] == calls.stays(KK)


async def test_taking_a_mark_back_twice_leaves_the_one_before(operator: Parent) -> None:
    for _ in range(2):
        await operator.tap("1 📵")
        message, back = operator.telegram.message_with(KK.plain("↩ Take it back"))
        await operator.say("/calls")
    for answer in (calls.taken_back(KK), calls.stays(KK)):
        await operator.press(back.callback_data or "", message)
        assert operator.telegram.toasts[-1] == answer
    once = KK.plain(
        "Nobody answered: {count}, last at {moment}", count=1, moment="09.04.2026, 08:00"
    )
    assert once in await operator.seen()


async def test_a_wrong_number_leads_to_correcting_the_phone(operator: Parent) -> None:
    await operator.tap("1 ❌")
    await operator.tap(KK.plain("Correct the phone"))
    await operator.say("8 701 765 43 21")
    await operator.tap(KK.plain("Yes, correct it"))
    assert operator.telegram.toasts[-1] == family_acts.phone_corrected(1, KK)
    await operator.say("/calls")
    assert "+77017654321" in await operator.seen()


async def test_a_call_that_nobody_made_or_of_another_district_is_not_on_the_list(
    operator: Parent,
) -> None:
    forged = CalledButton(notice=999, called=Called.WILL_CONFIRM, tries=0)
    await operator.press(forged.pack())
    assert operator.telegram.toasts[-1] == calls.not_listed(KK)


async def first_call(operator: Parent) -> int:
    return (await operator.core.calls.listed(operator.core.clock.now()))[0].notice_id
