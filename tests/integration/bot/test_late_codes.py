"""Codes that come late, and two children's codes in one chat, as a parent meets them (D6, D8)."""

from datetime import timedelta

import pytest

from core.applications.rules import Status
from core.applications.tables import ApplicationRecord
from locales.texts import texts
from tests import factories
from tests.integration.bot.acting import card, seen, sign, travel, with_voucher
from tests.integration.bot.conftest import Parent

KK = texts("kk")
NEW, BACK = KK.plain("Get a new code"), KK.plain("Back")


@pytest.fixture
async def voucher(parent: Parent) -> Parent:
    return await with_voucher(parent)


@pytest.fixture
async def both(voucher: Parent) -> Parent:
    """The same with a second child, both acts pressed: their messages have come."""
    core, now = voucher.core, voucher.desk.clock.now()
    await factories.application(voucher.desk.db, now, 2, applicant=1)
    await core.applications.issue_voucher("ОДО.2026.2", actor="portal", moment=now)
    for child in ("1", "2"):
        await voucher.press(f"act:{child}:2:confirm_interest", message_id=100 + int(child))
    return voucher


def codes(parent: Parent) -> list[str]:
    return [message.text for message in parent.desk.pocket.messages[-2:]]


async def status(parent: Parent, application: int) -> Status:
    async with parent.desk.db.read() as session:
        return Status((await session.get_one(ApplicationRecord, application)).status)


async def test_a_new_code_is_had_when_the_first_one_came_too_late(voucher: Parent) -> None:
    await voucher.tap("✅ Растау")
    await travel(voucher, voucher.desk.clock.now() + timedelta(minutes=6))
    await sign(voucher)
    assert KK("This code is no longer valid. Get a new code, or step back.") in seen(voucher)
    await voucher.tap(NEW)
    await sign(voucher)
    assert (await card(voucher)).status is Status.VOUCHER_ISSUED


async def test_the_code_of_either_child_may_be_typed_first(both: Parent) -> None:
    first, second = codes(both)
    await both.say(first)  # the second one's is awaited
    assert [await status(both, child) for child in (1, 2)] == [
        Status.VOUCHER_ISSUED,
        Status.AWAITING_CONFIRMATION,
    ]
    await both.say(second)
    assert await status(both, 2) is Status.VOUCHER_ISSUED


async def test_after_one_childs_code_the_other_ones_is_awaited(both: Parent) -> None:
    first, second = codes(both)
    await both.say(second)
    await both.say(first)
    assert await status(both, 1) is Status.VOUCHER_ISSUED


async def test_stepping_back_from_one_child_leaves_the_other_one_alone(both: Parent) -> None:
    _, second = codes(both)
    await both.press("drop:1:2:1", message_id=101)
    await both.say(second)
    assert await status(both, 2) is Status.VOUCHER_ISSUED
    assert await status(both, 1) is Status.AWAITING_CONFIRMATION


@pytest.mark.parametrize("wrap", ["\u2060{}\u200b", "{}\u2069", "\u2066{}"])
async def test_a_copied_code_may_have_invisible_signs_around_it(voucher: Parent, wrap: str) -> None:
    await voucher.tap("✅ Растау")
    await voucher.say(wrap.format(voucher.desk.pocket.newest_code))
    assert (await card(voucher)).status is Status.VOUCHER_ISSUED
