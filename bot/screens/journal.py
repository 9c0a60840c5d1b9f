"""The journal of queue applications (R5), when there is none or more than one."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.facts import Facts
from bot.keyboards.application import open_application
from bot.keyboards.base import rows
from bot.keyboards.menu import to_menu
from bot.keyboards.staff.base import to_desk
from bot.screens import words
from bot.screens.base import Screen
from core.applications.values import ApplicationCard
from locales.texts import Texts


def empty(facts: Facts, t: Texts, *, staff: bool = False) -> Screen:
    """None: why that can be, where to apply, whom to call; `staff` find their desk below."""
    lines = [
        t("<b>There are no applications under your IIN.</b>"),
        t("Perhaps the other parent is the applicant: then they need to enter themselves."),
        t("You can put a child in the queue on akmola.kz or egov.kz."),
        t("If you have applied already, call support: {phone}.", phone=facts.support_phone),
    ]
    desk = [to_desk(t)] if staff else []
    return Screen(Markup("\n").join(lines), rows(*desk, to_menu(t)))


def several(cards: Sequence[ApplicationCard], t: Texts) -> Screen:
    """More than one: the children side by side, each with its own deadline."""
    lines = [t("<b>Your applications:</b>"), *(_line(card, t) for card in cards)]
    buttons = [
        open_application(card, f"{card.child.given_name} · {words.status(card.status, t)}")
        for card in cards
    ]
    return Screen(Markup("\n").join(lines), rows(*buttons, to_menu(t)))


def _line(card: ApplicationCard, t: Texts) -> Markup:
    values = {
        "child": card.child.given_name,
        "number": card.registration_number,
        "status": words.status(card.status, t),
    }
    if card.deadline is None:
        return t("• {child}, {number}: {status}", **values)
    return t(
        "• {child}, {number}: {status}. Deadline: <b>{until}</b>",
        **values,
        until=t.until(card.deadline.last_day),
    )
