"""A family: its card, history and notices, and what staff do for it."""

from dataclasses import replace
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.keyboards.staff.families import FamilyButton
from bot.keyboards.staff.family import (
    FamilyHistoryButton,
    FamilyNoticeButton,
    FamilyNoticesButton,
    PhoneButton,
    ResendButton,
    RestoreButton,
)
from bot.middlewares.staff import Awaited
from bot.screens.staff import family as screens
from bot.screens.staff import family_acts as acts
from bot.screens.staff import family_past as past
from bot.tap import Tap
from core.applications.rules import Refused
from core.families.values import CannotResend, ChildElsewhere, Look
from core.identity.rules import IdentityError, Phone, PhoneProblem
from core.staff.rules import Member, Right

AWAITED = "staff_phone"
SEARCHES = "staff_find"
FOUND = ("found", "more", "search")
"""What is kept of a search."""


def build() -> Router:
    router = Router(name="staff_family")
    router.callback_query.register(opened, FamilyButton.filter())
    router.callback_query.register(history, FamilyHistoryButton.filter())
    router.callback_query.register(notices, FamilyNoticesButton.filter())
    router.callback_query.register(notice, FamilyNoticeButton.filter())
    router.callback_query.register(resend, ResendButton.filter())
    router.callback_query.register(phone, PhoneButton.filter())
    router.message.register(typed_phone, Awaited(AWAITED), flags={"right": Right.FAMILIES})
    router.callback_query.register(restore, RestoreButton.filter())
    return router


async def opened(_: CallbackQuery, callback_data: FamilyButton, tap: Tap, member: Member) -> None:
    """The card; a phone that was being typed is put aside."""
    if tap.visitor.awaiting == AWAITED:
        await _expect(tap, SEARCHES)
    look = Look.IIN if callback_data.iin else Look.CARD
    await show(tap, member, callback_data.family, look)


async def show(tap: Tap, member: Member, family_id: int, look: Look = Look.CARD) -> None:
    """The card as it stands now. Raises UnknownFamily."""
    now = tap.core.clock.now()
    family = await tap.core.families.look(member, family_id, look, now)
    told = await tap.core.lives.of(family_id)
    listed = len(tap.visitor.details.get("found", ())) > 1
    await tap.show(screens.card(family, told, tap.t, now, iin=look is Look.IIN, listed=listed))


async def history(
    _: CallbackQuery, callback_data: FamilyHistoryButton, tap: Tap, member: Member
) -> None:
    """Every change of it."""
    asked = callback_data.family
    family = await tap.core.families.look(member, asked, Look.HISTORY, tap.moment)
    await tap.show(past.history(family, await tap.core.applications.history(asked), tap.t))


async def notices(
    _: CallbackQuery, callback_data: FamilyNoticesButton, tap: Tap, member: Member
) -> None:
    """What was sent, and why."""
    asked = callback_data.family
    family = await tap.core.families.look(member, asked, Look.NOTICES, tap.moment)
    told = await tap.core.lives.of(asked)
    await tap.show(past.notices(family, told, callback_data.page, tap.t))


async def notice(
    _: CallbackQuery, callback_data: FamilyNoticeButton, tap: Tap, member: Member
) -> None:
    """One of them in detail; the list, where it is kept no longer."""
    asked, page = callback_data.family, callback_data.page
    family = await tap.core.families.look(member, asked, Look.NOTICE, tap.moment)
    told = await tap.core.lives.of(asked)
    found = [life for life in told if life.id == callback_data.notice]
    if found:
        await tap.show(past.notice(family, found[0], page, tap.t))
    else:
        await tap.show(past.notices(family, told, page, tap.t))


async def resend(_: CallbackQuery, callback_data: ResendButton, tap: Tap, member: Member) -> None:
    """The notice once more."""
    asked = callback_data.family
    try:
        resent = await tap.core.families.resend(member, asked, callback_data.channel, tap.moment)
    except CannotResend as trouble:
        await tap.alert(acts.not_resent(trouble.why, tap.t))
    else:
        await tap.alert(acts.resent(resent, tap.t))
    await show(tap, member, asked)


async def phone(_: CallbackQuery, callback_data: PhoneButton, tap: Tap, member: Member) -> None:
    """Asks for the right number; then, told it twice, corrects it."""
    asked = callback_data.family
    if not callback_data.typed:
        family = await tap.core.families.look(member, asked, Look.CARD, tap.moment)
        await _expect(tap, AWAITED, family=asked)
        await tap.show(acts.ask_phone(family, tap.t))
        return
    details, this = tap.visitor.details, {"family": asked, "typed": callback_data.typed}
    if tap.visitor.awaiting != AWAITED or not this.items() <= details.items():
        await tap.alert(acts.phone_forgotten(tap.t))
        await show(tap, member, asked)
        return
    new = Phone(details["phone"])
    count = await tap.core.families.correct_phone(member, asked, new, tap.moment)
    await _expect(tap, SEARCHES)
    await tap.toast(acts.phone_corrected(count, tap.t))
    await show(tap, member, asked)


async def typed_phone(message: Message, tap: Tap, member: Member) -> None:
    """Take the number off the chat, and show it beside the old one."""
    await tap.delete_message()
    asked = tap.visitor.details["family"]
    try:
        new = Phone.parse(message.text or "")
    except IdentityError as error:
        await tap.send(acts.wrong_phone(asked, PhoneProblem(error.reason), tap.t))
        return
    family = await tap.core.families.look(member, asked, Look.CARD, tap.moment)
    await _expect(tap, AWAITED, family=asked, phone=new.value, typed=tap.update_id)
    await tap.send(acts.sure_phone(family, new.value, tap.update_id, tap.t))


async def restore(_: CallbackQuery, callback_data: RestoreButton, tap: Tap, member: Member) -> None:
    """The reason, once more the question, then the place in the queue (D14)."""
    asked, reason = callback_data.family, callback_data.reason
    if reason is None or not callback_data.sure:
        family = await tap.core.families.look(member, asked, Look.CARD, tap.moment)
        if not family.restorable:
            await tap.alert(acts.not_restorable(tap.t))
            await show(tap, member, asked)
        elif reason is None:
            await tap.show(acts.which_reason(family, tap.t))
        else:
            await tap.show(acts.sure_restore(family, reason, tap.t))
        return
    try:
        await tap.core.families.restore(member, asked, reason, tap.moment)
    except Refused:
        await tap.alert(acts.not_restorable(tap.t))
    except ChildElsewhere:
        await tap.alert(acts.elsewhere(tap.t))
    else:
        await tap.toast(acts.restored(tap.t))
    await show(tap, member, asked)


async def _expect(tap: Tap, awaiting: str, **more: Any) -> None:
    """What the next text is taken for; what was found before can be gone back to."""
    kept = tap.visitor.details
    found: dict[str, Any] = {name: kept[name] for name in FOUND if name in kept}
    details = {**found, **more}
    await tap.core.visitors.expect(tap.chat_id, awaiting, details, tap.moment)
    tap.visitor = replace(tap.visitor, awaiting=awaiting, details=details)
