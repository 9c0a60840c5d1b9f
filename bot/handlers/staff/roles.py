"""Roles: who is staff, granting, and revoking after a second question."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.commands import commands
from bot.filters import digits_of
from bot.keyboards.staff.roles import ColleagueButton, GrantButton, RolesButton
from bot.middlewares.staff import Awaited
from bot.screens.staff import roles as screens
from bot.tap import Tap
from core.identity.rules import IdentityError, Iin, IinProblem
from core.places.districts import DISTRICTS
from core.staff.rules import Member, Right, Role
from core.staff.service import Colleague, LastAdministrator, NoSuchMember
from locales.texts import texts

AWAITED = "staff_iin"


def build() -> Router:
    router = Router(name="staff_roles")
    router.callback_query.register(listed, RolesButton.filter())
    router.callback_query.register(one, ColleagueButton.filter())
    router.callback_query.register(grant, GrantButton.filter())
    router.message.register(typed_iin, Awaited(AWAITED), flags={"right": Right.ROLES})
    return router


async def listed(_: CallbackQuery, callback_data: RolesButton, tap: Tap, member: Member) -> None:
    """All of staff; whoever was about to grant a role has stepped back from it."""
    if tap.visitor.awaiting == AWAITED:
        await tap.core.visitors.expect(tap.chat_id, None, None, tap.moment)
    colleagues = await tap.core.staff.colleagues()
    await tap.core.audit.looked(
        member, "staff_listed", tap.moment, subjects={"staff": [c.member.id for c in colleagues]}
    )
    await tap.show(screens.listed(colleagues, tap.t, page=callback_data.page))


async def one(_: CallbackQuery, callback_data: ColleagueButton, tap: Tap, member: Member) -> None:
    """One of staff; a revoked role works no longer from that person's next tap on."""
    colleague = await _colleague(tap, callback_data.staff)
    if colleague is None:
        await tap.toast(screens.no_longer(tap.t))
        await tap.show(screens.listed(await tap.core.staff.colleagues(), tap.t))
        return
    if not callback_data.sure:
        await tap.show(screens.one(colleague, tap.t, revoke=callback_data.revoke))
        return
    try:
        await tap.core.staff.revoke(colleague.member.id, by=member, moment=tap.moment)
    except LastAdministrator:
        await tap.alert(screens.last_administrator(tap.t))
        return
    except NoSuchMember:
        await tap.toast(screens.no_longer(tap.t))
    else:
        await tap.toast(screens.revoked(tap.t))
    await tap.show(screens.listed(await tap.core.staff.colleagues(), tap.t))
    await _publish(tap, colleague.chat_id, None)


async def grant(_: CallbackQuery, callback_data: GrantButton, tap: Tap, member: Member) -> None:
    """The role, then an operator's district, then the IIN."""
    role, district = callback_data.role, callback_data.district
    if role is None:
        await tap.show(screens.which_role(tap.t))
    elif role is Role.OPERATOR and district not in DISTRICTS:
        await tap.show(screens.which_district(tap.t))
    else:
        of = district if role is Role.OPERATOR else None
        details = {"role": role.value, "district": of}
        await tap.core.visitors.expect(tap.chat_id, AWAITED, details, tap.moment)
        await tap.show(screens.whose_iin(role, of, tap.t))


async def typed_iin(message: Message, tap: Tap, member: Member) -> None:
    """Take the IIN off the chat, and grant the role."""
    await tap.delete_message()
    try:
        iin = Iin.parse(digits_of(message.text or ""))
    except IdentityError as error:
        await tap.send(screens.wrong_iin(IinProblem(error.reason), tap.t))
        return
    details = tap.visitor.details
    role, district = Role(details["role"]), details["district"]
    try:
        await tap.core.staff.grant(iin, role, district, by=member, moment=tap.moment)
    except LastAdministrator:
        await tap.send(screens.refused(screens.last_administrator(tap.t), tap.t))
        return
    await tap.core.visitors.expect(tap.chat_id, None, None, tap.moment)
    colleagues = await tap.core.staff.colleagues()
    await tap.send(screens.listed(colleagues, tap.t, granted=iin))
    found = next(c for c in colleagues if c.iin == iin)
    await _publish(tap, found.chat_id, found.member)


async def _colleague(tap: Tap, staff_id: int) -> Colleague | None:
    colleagues = await tap.core.staff.colleagues()
    return next((c for c in colleagues if c.member.id == staff_id), None)


async def _publish(tap: Tap, chat_id: int | None, member: Member | None) -> None:
    """The commands in the list of that person's chat, in their language."""
    if chat_id is None:
        return
    visitor = await tap.core.visitors.load(chat_id, tap.moment)
    t = texts(visitor.language or tap.t.language)
    await tap.gate.commands(chat_id, commands(t, member))
