"""Finding a family: by registration number, IIN or name."""

import math
import re

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.filters import digits_of
from bot.handlers.staff import family
from bot.keyboards.staff.families import FindButton, FoundButton
from bot.middlewares.staff import Awaited, StaffCommand
from bot.screens.staff import families as screens
from bot.tap import Tap
from core.families.service import PAGE
from core.families.values import Finding
from core.identity.rules import IdentityError, Iin, IinProblem
from core.staff.rules import Member, Right

AWAITED = "staff_find"
LENGTH = 120
"""Letters that are looked at: more is no name."""
LIKE_AN_IIN = re.compile(r"[0-9]{10,14}")
"""Also one that is mistyped: it must not stay in the chat."""


def build() -> Router:
    router = Router(name="staff_families")
    flags = {"right": Right.FAMILIES}
    router.message.register(asked_by_command, StaffCommand("find"), flags=flags)
    router.callback_query.register(asked, FindButton.filter())
    router.message.register(typed, Awaited(AWAITED), flags=flags)
    router.callback_query.register(page, FoundButton.filter())
    return router


async def asked_by_command(_: Message, tap: Tap, member: Member) -> None:
    await _ask(tap, member)


async def asked(_: CallbackQuery, tap: Tap, member: Member) -> None:
    await _ask(tap, member)


async def typed(message: Message, tap: Tap, member: Member) -> None:
    """What was typed is looked for; the next text is again. One family alone is opened at once."""
    text = (message.text or "").strip()[:LENGTH]
    wanted: Iin | str = text
    if LIKE_AN_IIN.fullmatch(digits_of(text)):
        await tap.delete_message()
        try:
            wanted = Iin.parse(text)
        except IdentityError as error:
            await tap.send(screens.wrong_iin(IinProblem(error.reason), tap.t))
            return
    finding = await tap.core.families.find(member, wanted, tap.moment)
    kept = {"found": list(finding.ids), "more": finding.more, "search": tap.update_id}
    await tap.core.visitors.expect(tap.chat_id, AWAITED, kept, tap.moment)
    if not finding.ids:
        await tap.send(screens.nothing(member, tap.t))
    elif len(finding.ids) == 1:
        await family.show(tap, member, finding.ids[0])
    else:
        await _list(tap, member, finding, 0, tap.update_id)


async def page(_: CallbackQuery, callback_data: FoundButton, tap: Tap, member: Member) -> None:
    """A page of what was found last in this chat; of another search nothing is known any more."""
    details = tap.visitor.details
    ids, search = details.get("found"), details.get("search", 0)
    if not ids or callback_data.search not in (0, search):
        await tap.alert(screens.forgotten(tap.t))
        return
    finding = Finding(tuple(ids), details.get("more", False))
    await _list(tap, member, finding, callback_data.page, search)


async def _ask(tap: Tap, member: Member) -> None:
    await tap.core.visitors.expect(tap.chat_id, AWAITED, {}, tap.moment)
    await tap.show(screens.ask(member, tap.t))


async def _list(tap: Tap, member: Member, finding: Finding, number: int, search: int) -> None:
    pages = math.ceil(len(finding.ids) / PAGE)
    number = min(max(number, 0), pages - 1)
    ids = finding.ids[number * PAGE : (number + 1) * PAGE]
    shown = await tap.core.families.lines(member, ids, tap.moment)
    total = len(finding.ids)
    await tap.show(
        screens.found(shown, total, number, pages, tap.t, more=finding.more, search=search)
    )
