"""Sanatorium leaves on the screen (R15)."""

from datetime import date

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from bot.keyboards.base import button, rows
from bot.keyboards.staff.base import back_to_desk
from bot.keyboards.staff.leaves import LeaveButton, LeavesButton, NewLeaveButton, RegisterButton
from bot.screens.base import Screen, of_lines
from bot.screens.place import LANGUAGES
from bot.screens.staff.renewal import number
from core.places.leave_values import Ended, Enrolled, Leave, LeavePage, LeaveProblem
from locales.texts import Texts, mark

PROBLEMS = {
    LeaveProblem.NOT_ENROLLED: mark(
        "This child has no place in a kindergarten, so there is none to lend."
    ),
    LeaveProblem.WRONG_ORDER: mark("The last day is before the first. Type both days again."),
    LeaveProblem.OVER: mark("The last day has passed already. Type both days again."),
    LeaveProblem.TOO_LONG: mark("A leave lasts a year at most. Type both days again."),
    LeaveProblem.OVERLAPS: mark("The child has a leave on some of these days already."),
}
ENDED = {
    Ended.NOT_BEGUN: mark("The leave is cancelled: no temporary place opens."),
    Ended.CLOSED: mark("The leave has ended, the temporary place is closed."),
    Ended.TAKEN: mark(
        "The leave has ended. The temporary place is taken: that child attends until the day that "
        "its family has signed, and the place closes after it. Tell the kindergarten that both "
        "attend until then."
    ),
}


def listed(page: LeavePage, t: Texts, said: str | None = None) -> Screen:
    """The leaves that last or are to come; `said`: what has just been done."""
    lines = [] if said is None else [Markup.escape(said), Markup("")]
    lines.append(t("<b>Sanatorium leaves</b>: {number}", number=page.total))
    lines.append(
        t("While a child is away, its place is lent; it opens and closes by itself.")
        if page.total
        else t("There are none now.")
    )
    leaves = [button(_line(leave, t), LeaveButton(leave=leave.id)) for leave in page.leaves]
    turning = [
        button(sign, LeavesButton(page=page.page + step))
        for sign, step in (("◀️", -1), ("▶️", 1))
        if 0 <= page.page + step < page.pages
    ]
    new = button(t.plain("Register a leave"), NewLeaveButton(), "primary")
    return of_lines(lines, *leaves, *([turning] if turning else []), new, back_to_desk(t))


def whose(t: Texts) -> Screen:
    """Whose leave it is."""
    return Screen(
        t("Type the registration number of the child's application, for example ОДО.2026.248."),
        rows(back(t)),
    )


def unknown(t: Texts) -> Screen:
    """No such application, or another district's: the answer is the same."""
    return Screen(
        t(
            "There is no application with this number in your district. "
            "Check the number and type it again."
        ),
        rows(back(t)),
    )


def which_days(child: Enrolled, t: Texts) -> Screen:
    """From when to when."""
    return of_lines(
        [
            *_child(child, t),
            Markup(""),
            t("Type the first and the last day of the leave: 20.04.2026 – 15.05.2026."),
        ],
        back(t),
    )


def not_two_days(t: Texts) -> Screen:
    """What was typed is not a first and a last day; they are still waited for."""
    return Screen(
        t("Two dates are needed, the first and the last day: 20.04.2026 – 15.05.2026."),
        rows(back(t)),
    )


def ask_register(child: Enrolled, first_day: date, last_day: date, t: Texts) -> Screen:
    """The second question: what the leave opens."""
    lines = [
        *_child(child, t),
        t("Away: {first} – {last}", first=t.day(first_day), last=t.day(last_day)),
        Markup(""),
        t(
            "Register the leave? In these days a temporary place opens in this kindergarten; "
            "the child's own place is kept."
        ),
    ]
    sure = RegisterButton(
        family=child.application_id,
        first_day=number(first_day),
        last_day=number(last_day),
    )
    return of_lines(lines, button(t.plain("Yes, register it"), sure, "primary"), back(t))


def one(leave: Leave, t: Texts, *, end: bool) -> Screen:
    """One leave; `end`: the second question."""
    lines = [
        t("<b>Sanatorium leave</b>"),
        t("Application: {number}", number=leave.registration_number or "—"),
        t("Child: {name}", name=leave.child or "—"),
        *_where(leave.kindergarten, leave.language, t),
        t("Away: {first} – {last}", first=t.day(leave.first_day), last=t.day(leave.last_day)),
        t("The temporary place is open; free places with this last day: {number}",
          number=leave.free)
        if leave.open
        else t("The temporary place opens on the first day."),
    ]  # fmt: skip
    if not end:
        ask = button(t.plain("End it now"), LeaveButton(leave=leave.id, end=True), "danger")
        return of_lines(lines, ask, back(t))
    lines += [
        Markup(""),
        t(
            "End the leave now? A free temporary place closes at once. If another child has taken "
            "it, that child stays until the day that its family has signed."
        ),
    ]
    sure = LeaveButton(leave=leave.id, end=True, sure=True)
    return of_lines(lines, button(t.plain("Yes, end it"), sure, "danger"), back(t))


def registered(t: Texts) -> str:
    """A leave is noted."""
    return t.plain("✅ The leave is registered. The place opens and closes by itself.")


def ended(result: Ended, t: Texts) -> str:
    """What the early end meant."""
    return "✅ " + t.plain(ENDED[result])


def no_longer(t: Texts) -> str:
    """There is no such leave any more (plain text)."""
    return t.plain("This leave has ended already.")


def refused(problem: LeaveProblem, t: Texts) -> Screen:
    """Why a leave cannot be registered."""
    return Screen(t(PROBLEMS[problem]), rows(back(t)))


def back(t: Texts) -> InlineKeyboardButton:
    """To the leaves."""
    return button(t.plain("Back"), LeavesButton())


def _child(child: Enrolled, t: Texts) -> list[Markup]:
    return [
        t("<b>{number}</b>", number=child.registration_number),
        t("Child: {name}", name=child.child),
        *_where(child.kindergarten, child.language, t),
    ]


def _where(kindergarten: str, language: str, t: Texts) -> list[Markup]:
    return [
        t("Kindergarten: {name}", name=kindergarten),
        t("Language of instruction: {language}", language=t.plain(LANGUAGES[language])),
    ]


def _line(leave: Leave, t: Texts) -> str:
    who = leave.child or leave.kindergarten
    return f"{leave.first_day:%d.%m} – {t.day(leave.last_day)}: {who}"
