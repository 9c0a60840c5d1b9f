"""The desk itself: what a member of staff may open."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from bot.keyboards.base import columns, rows
from bot.keyboards.menu import to_menu
from bot.screens.base import Screen
from core.places.districts import DISTRICTS
from core.staff.rules import Member, Role
from locales.texts import Texts, mark

ROLES = {
    Role.OPERATOR: mark("operator"),
    Role.HEAD: mark("head"),
    Role.ADMINISTRATOR: mark("administrator"),
}


def desk(member: Member, doors: Sequence[InlineKeyboardButton], t: Texts) -> Screen:
    """The desk with the doors that the role has."""
    text = t(
        "🗂 <b>Staff desk</b>\nRole: {role}. District: {district}.\n"
        "Every act and every look at a family's data is written into the audit log.",
        role=role(member, t),
        district=where(member, t),
    )
    return Screen(text, rows(*columns(list(doors), 2), to_menu(t)))


def role(member: Member, t: Texts) -> str:
    """The role in words."""
    return t.plain(ROLES[member.role])


def where(member: Member, t: Texts) -> str:
    """The member's district, or the region."""
    return district(member.district, t)


def district(code: str | None, t: Texts) -> str:
    """A district's name; None is the region."""
    return DISTRICTS[code].in_(t.language) if code else t.plain("Akmola region")


def not_allowed(t: Texts) -> str:
    """The role has no such right, or not there."""
    return t.plain("Your role does not allow this. Nothing has been changed.")


def unknown_number(back: InlineKeyboardButton, t: Texts) -> Screen:
    """No such application, or another district's: the answer is the same."""
    text = t(
        "There is no application with this number in your district. "
        "Check the number and type it again."
    )
    return Screen(text, rows(back))


def type_number(question: Markup, number: int, t: Texts, back: InlineKeyboardButton) -> Screen:
    """A dangerous act: `question` says what happens and to whom; the number of those concerned is
    typed to go on."""
    how = t("To go on, type the number <b>{number}</b>. To stop, press “Back”.", number=number)
    return Screen(question + Markup("\n\n") + how, rows(back))


def wrong_number(number: int, t: Texts, back: InlineKeyboardButton) -> Screen:
    """Something else was typed."""
    text = t(
        "That is not the number. Type <b>{number}</b> to go on, or press “Back”: nothing has been "
        "changed yet.",
        number=number,
    )
    return Screen(text, rows(back))
