"""Two of the staff at one draft."""

import pytest

from core.broadcasts.service import LISTED
from core.identity.rules import Iin
from core.staff.rules import Member, Role
from locales.texts import texts
from tests import factories
from tests.integration.bot.conftest import IIN, Parent
from tests.telegram_stub import labels

KK = texts("kk")


async def head(parent: Parent, iin: str) -> Member:
    now = parent.core.clock.now()
    return await parent.core.staff.grant(Iin(iin), Role.HEAD, None, by=None, moment=now)


@pytest.fixture
async def staff(parent: Parent) -> Parent:
    """A head, with a new draft."""
    await parent.enter()
    await head(parent, IIN)
    await parent.say("/broadcast")
    await parent.tap(KK.plain("New broadcast"))
    return parent


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("Districts", "Ақкөл ауданы"),
        ("Statuses", KK.plain("In the queue")),
        ("Language of the chat", "Қазақша"),
    ],
)
async def test_what_two_switch_on_is_on(staff: Parent, part: str, value: str) -> None:
    """The second has looked at it before the first pressed."""
    await staff.tap(KK.plain("To whom"))
    await staff.tap(KK.plain(part))
    message, off = staff.telegram.message_with(f"▫️ {value}")
    for _ in range(2):
        await staff.press(off.callback_data or "", message)
        assert f"✅ {value}" in labels(staff.telegram.newest.reply_markup)
    await staff.tap(f"✅ {value}")
    assert f"▫️ {value}" in labels(staff.telegram.newest.reply_markup)


async def test_a_text_for_a_draft_that_was_deleted_is_waited_for_no_more(staff: Parent) -> None:
    await staff.tap("✏️ Қазақша")
    colleague = await head(staff, factories.iin(900))
    await staff.core.broadcasts.discard(colleague, 1, staff.core.clock.now())
    await staff.say("Ашық есік күні")
    gone = KK.plain("There is no such broadcast.")
    assert await staff.seen() == gone
    await staff.say("Ашық есік күні")
    assert await staff.seen() != gone


async def test_the_drafts_of_others_do_not_hide_an_older_broadcast(staff: Parent) -> None:
    """It could not be recalled, nor its unreached be listed."""
    colleague = await head(staff, factories.iin(900))
    for _ in range(2 * LISTED):
        await staff.core.broadcasts.draft(colleague, staff.core.clock.now())
    draft = KK.plain("draft")
    shown = []
    await staff.say("/broadcast")
    for _ in range(2):
        shown += labels(staff.telegram.newest.reply_markup)
        await staff.tap("▶️")
    shown += labels(staff.telegram.newest.reply_markup)
    assert [one for one in shown if one.startswith("№")] == [
        f"№{number} · {draft}" for number in range(2 * LISTED + 1, 0, -1)
    ]
    assert "▶️" not in labels(staff.telegram.newest.reply_markup)
    for _ in range(2):
        await staff.tap("◀️")
    assert "◀️" not in labels(staff.telegram.newest.reply_markup)
    for _ in range(2):
        await staff.tap("▶️")
    await staff.tap(f"№1 · {draft}")
    assert KK("📣 <b>Broadcast №{id}</b>: {stage}", id=1, stage=draft) in await staff.seen()
