"""Roles on the screen: who is staff, and what is asked before a role is granted or ended."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.keyboards.base import button, columns, rows
from bot.keyboards.staff.base import back_to_desk
from bot.keyboards.staff.roles import ColleagueButton, GrantButton, RolesButton
from bot.screens import login
from bot.screens.base import Screen
from bot.screens.staff.desk import ROLES, district, role, where
from core.clock import local
from core.identity.rules import Iin, IinProblem
from core.places.districts import DISTRICTS
from core.staff.rules import Role
from core.staff.service import Colleague
from locales.texts import Texts

SHOWN = 10
"""Of staff on a page: Telegram takes no more than a hundred buttons."""


def listed(
    colleagues: Sequence[Colleague], t: Texts, granted: Iin | None = None, page: int = 0
) -> Screen:
    """All who hold a role, a button each; `granted`: to whom one has just been given."""
    text = t("<b>Roles</b>\nPeople of the departments who may use the desk: {count}.",
             count=len(colleagues))  # fmt: skip
    if granted is not None:
        text = t("✅ The role is granted: {iin}", iin=granted.masked) + Markup("\n\n") + text
    people = [
        button(
            f"{t.plain(ROLES[c.member.role])}: {c.name or c.iin.masked}",
            ColleagueButton(staff=c.member.id),
        )
        for c in colleagues[page * SHOWN : (page + 1) * SHOWN]
    ]
    turning = [
        button(sign, RolesButton(page=page + step))
        for sign, step in (("◀️", -1), ("▶️", 1))
        if 0 <= (page + step) * SHOWN < len(colleagues)
    ]
    new = button(t.plain("Grant a role"), GrantButton())
    return Screen(text, rows(*people, *([turning] if turning else []), new, back_to_desk(t)))


def one(colleague: Colleague, t: Texts, *, revoke: bool) -> Screen:
    """One of staff; `revoke`: the second question."""
    text = t(
        "<b>{name}</b>\nIIN: {iin}\nRole: {role}. District: {district}.\nGranted: {when}",
        name=colleague.name or "—",
        iin=colleague.iin.masked,
        role=role(colleague.member, t),
        district=where(colleague.member, t),
        when=t.moment(local(colleague.granted_at)),
    )
    this = colleague.member.id
    back = button(t.plain("Back"), RolesButton())
    if not revoke:
        end = button(t.plain("End the role"), ColleagueButton(staff=this, revoke=True), "danger")
        return Screen(text, rows(end, back))
    text += Markup("\n\n") + t("The role ends at once, from this person's next tap.")
    sure = ColleagueButton(staff=this, revoke=True, sure=True)
    return Screen(text, rows(button(t.plain("Yes, end the role"), sure, "danger"), back))


def which_role(t: Texts) -> Screen:
    """Which role is to be granted."""
    text = t(
        "<b>Which role?</b>\nAn operator serves one district, a head the whole region; "
        "an administrator also grants roles and reads the audit log."
    )
    roles = [button(t.plain(name), GrantButton(role=role)) for role, name in ROLES.items()]
    return Screen(text, rows(*roles, button(t.plain("Back"), RolesButton())))


def which_district(t: Texts) -> Screen:
    """Which district the operator is to serve."""
    choices = [
        button(name.in_(t.language), GrantButton(role=Role.OPERATOR, district=code))
        for code, name in DISTRICTS.items()
    ]
    return Screen(
        t("<b>Which district does the operator serve?</b>"),
        rows(*columns(choices, 2), button(t.plain("Back"), GrantButton())),
    )


def whose_iin(role: Role, code: str | None, t: Texts) -> Screen:
    """Whose role it is to be."""
    text = t(
        "Role: {role}. District: {district}.\n"
        "Type the IIN of the person, 12 digits. The message is deleted at once.",
        role=t.plain(ROLES[role]),
        district=district(code, t),
    )
    return Screen(text, rows(button(t.plain("Back"), RolesButton())))


def wrong_iin(problem: IinProblem, t: Texts) -> Screen:
    """What was typed is no IIN; it is still waited for."""
    return Screen(login.iin_wrong(problem, t).text, rows(button(t.plain("Back"), RolesButton())))


def revoked(t: Texts) -> str:
    """A role has been ended."""
    return t.plain("The role is ended.")


def no_longer(t: Texts) -> str:
    """That role had been ended before."""
    return t.plain("This role has ended already.")


def last_administrator(t: Texts) -> str:
    """There must be one."""
    return t.plain(
        "This is the last administrator. Grant the role to somebody else first: "
        "nothing has been changed."
    )


def refused(why: str, t: Texts) -> Screen:
    """The same as a message."""
    return Screen(Markup.escape(why), rows(button(t.plain("Back"), RolesButton())))
