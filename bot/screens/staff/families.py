"""Finding a family: what can be typed, and what was found."""

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from bot.keyboards.base import button, rows
from bot.keyboards.staff import families as keyboard
from bot.keyboards.staff.base import back_to_desk
from bot.keyboards.staff.families import FindButton
from bot.screens import login, words
from bot.screens.base import Screen, of_lines
from bot.screens.staff.desk import where
from core.families.values import Found
from core.identity.rules import IinProblem
from core.staff.rules import Member
from locales.texts import Texts


def ask(member: Member, t: Texts) -> Screen:
    """Asks for a number, an IIN or a name."""
    lines = [
        t("🔎 <b>Find an application.</b> District: {district}.", district=where(member, t)),
        t("Type the registration number, an IIN, or a part of the applicant's or child's name."),
        t("Russian letters will do for a Kazakh name. A message with an IIN is deleted at once."),
    ]
    return of_lines(lines, back_to_desk(t))


def found(
    shown: list[Found], total: int, page: int, pages: int, t: Texts, *, more: bool, search: int
) -> Screen:
    """A page of what that search has found, a button each."""
    headline = t.plural("{count} application is found.", "{count} applications are found.", total)
    lines = [Markup("<b>") + headline + Markup("</b>")]
    if more:
        lines = [
            t("<b>More than {count} applications are found.</b>", count=total),
            t("Type more of the name to see fewer."),
        ]
    people = [keyboard.family(one.id, f"{one.child} · {one.registration_number}") for one in shown]
    lines += [
        t(
            "{number}: {child}; applicant: {applicant}. {status}",
            number=one.registration_number,
            child=one.child,
            applicant=one.applicant,
            status=words.status(one.status, t),
        )
        for one in shown
    ]
    turning = [keyboard.pager(page, pages, search)] if pages > 1 else []
    return of_lines(lines, *people, *turning, again(t), back_to_desk(t))


def nothing(member: Member, t: Texts) -> Screen:
    """No such application there: another district's is not told."""
    lines = [
        t("<b>Nothing is found.</b> District: {district}.", district=where(member, t)),
        t("Check what was typed and send it again: the number in full, or a part of the name."),
    ]
    return of_lines(lines, back_to_desk(t))


def wrong_iin(problem: IinProblem, t: Texts) -> Screen:
    """What was typed is no IIN; something is still waited for."""
    return Screen(login.iin_wrong(problem, t).text, rows(back_to_desk(t)))


def forgotten(t: Texts) -> str:
    """The list that the button belongs to is known no longer."""
    return t.plain("This list is out of date. Search again.")


def unknown(t: Texts) -> str:
    """No such application, or another district's."""
    return t.plain("There is no such application in your district.")


def again(t: Texts) -> InlineKeyboardButton:
    """The way to another search."""
    return button(t.plain("🔎 Find another one"), FindButton())
