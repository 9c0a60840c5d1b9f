"""Outages on the screen (D18)."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from bot.keyboards.base import button, rows
from bot.keyboards.staff.base import back_to_desk, to_desk
from bot.keyboards.staff.outages import DeclareButton, OutagesButton
from bot.screens import words
from bot.screens.base import Screen, of_lines
from core.clock import local
from core.outages.rules import Cause, Problem, Reason, Span
from core.outages.values import Outage
from locales.texts import Texts, mark

SHOWN = 5
"""Outages on the list."""
CAUSES = {
    Cause.TELEGRAM: mark("Telegram was down"),
    Cause.GATEWAYS: mark("No codes by SMS"),
    Cause.OURS: mark("The bot was out of reach"),
}
REASONS = {
    Reason.ANNOUNCED: mark("It was announced"),
    Reason.REPORTED: mark("Families or staff report it"),
    Reason.MEASURED: mark("Our figures show it"),
}
PROBLEMS = {
    Problem.BACKWARDS: mark("The end is before the beginning. Type both again."),
    Problem.TO_COME: mark("That has not ended yet. Declare it when it has; type both again."),
    Problem.LONG_AGO: mark(
        "That is more than seven days ago: restore those families one by one, on their cards."
    ),
    Problem.TOO_SHORT: mark("A minute or less extends no term. Type both again."),
}


def listed(outages: Sequence[Outage], t: Texts) -> Screen:
    """The last ones, and what can be declared."""
    lines = [t("⚠️ <b>Outages:</b> when parents could not press, and the terms extended for it.")]
    lines += [_line(outage, t) for outage in outages] or [t("There has been none.")]
    lines.append(
        t(
            "The bot sees by itself when it was down. What it cannot see is declared here: each "
            "term that lacks more than a minute of its last two hours is then extended."
        )
    )
    causes = [button(t.plain(text), DeclareButton(cause=cause)) for cause, text in CAUSES.items()]
    return of_lines(lines, *causes, back_to_desk(t))


def how_known(cause: Cause, t: Texts) -> Screen:
    """The reason, for the audit log."""
    reasons = [
        button(t.plain(text), DeclareButton(cause=cause, reason=reason))
        for reason, text in REASONS.items()
    ]
    return Screen(
        t("<b>{what}.</b> How is it known?", what=t.plain(CAUSES[cause])), rows(*reasons, back(t))
    )


def when(cause: Cause, t: Texts) -> Screen:
    """From when until when."""
    lines = [
        t("<b>{what}.</b> From when until when?", what=t.plain(CAUSES[cause])),
        t("Type the day and both times, as in Kazakhstan: 09.04.2026 22:15 – 23:30."),
    ]
    return of_lines(lines, back(t))


def not_a_span(t: Texts) -> Screen:
    """What was typed is no span; one is still waited for."""
    return Screen(
        t("That is not a day with two times. Type it like this: 09.04.2026 22:15 – 23:30."),
        rows(back(t)),
    )


def refused(problem: Problem, t: Texts) -> Screen:
    """The span cannot be declared; another one is still waited for."""
    return Screen(t(PROBLEMS[problem]), rows(back(t)))


def nothing(span: Span, t: Texts) -> Screen:
    """Nobody's last hours."""
    return Screen(
        t(
            "No term had its last two hours then: {span}. Nothing is extended, and nothing has "
            "been written down.",
            span=_span(span, t),
        ),
        rows(back(t)),
    )


def question(cause: Cause, span: Span, number: int, t: Texts) -> Markup:
    """What would follow, before the number is typed."""
    lines = [
        t("<b>{what}:</b> {span}", what=t.plain(CAUSES[cause]), span=_span(span, t)),
        t("Terms that are extended: <b>{number}</b>", number=number),
        t(
            "Terms that have ended since run again, unless the family has gone on by itself. Each "
            "family is sent a notice. This cannot be undone."
        ),
    ]
    return Markup("\n").join(lines)


def declared(t: Texts) -> Screen:
    """It is written down."""
    lines = [
        t("✅ <b>The outage is written down, the terms are being extended</b>"),
        t("The families are told in the chat, from 08:00 to 21:00."),
    ]
    return of_lines(lines, button(t.plain("Outages"), OutagesButton()), to_desk(t))


def back(t: Texts) -> InlineKeyboardButton:
    """To the outages."""
    return button(t.plain("Back"), OutagesButton())


def _line(outage: Outage, t: Texts) -> Markup:
    return t(
        "• {span}: {what}. Terms extended: {number}",
        span=_span(outage.span, t),
        what=words.outage(outage.cause, t),
        number=outage.extended,
    )


def _span(span: Span, t: Texts) -> str:
    first, last = local(span.from_at), local(span.to_at)
    end = f"{last:%H:%M}" if first.date() == last.date() else t.moment(last)
    return f"{t.moment(first)} – {end}"
