"""The yearly renewal of the queue on the screen."""

from datetime import date

from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from bot.keyboards.base import button, rows
from bot.keyboards.staff.base import back_to_desk, to_desk
from bot.keyboards.staff.renewal import AsOfButton, RenewalButton
from bot.screens.base import Screen, of_lines
from bot.screens.staff.distribution import bar
from core.queue.values import RenewalPlan, RenewalProgress, State
from locales.texts import Texts

SHOWN = 10
"""Moves between stages that are told one by one: names are long, and a message is not."""


def as_of(today: date, t: Texts) -> Screen:
    """As of which day ages are counted."""
    autumn = date(today.year, 9, 1)
    days = [today, autumn] if today < autumn else [today]
    return Screen(
        t(
            "🔢 <b>Yearly renewal of the queue</b>\n"
            "Each child without a privilege moves to the stage of its age; privileges stay. Queue "
            "numbers change, and every family whose number has changed is told the old one, the "
            "new one and why.\n"
            "As of which day is the age counted? Choose, or type a date: 01.09.2026. "
            "First you see what would change; nothing is changed yet."
        ),
        rows(*(button(t.dated(day), AsOfButton(day=number(day))) for day in days), back_to_desk(t)),
    )


def not_a_day(t: Texts) -> Screen:
    """What was typed is no day; one is still waited for."""
    return Screen(
        t("That is not a date. Type it like this: 01.09.2026."),
        rows(button(t.plain("Back"), RenewalButton())),
    )


def dry_run(plan: RenewalPlan, t: Texts) -> Markup:
    """What would change, before its number is typed."""
    lines = [
        t("<b>Dry run: renewal as of {day}</b>", day=t.day(plan.as_of)),
        t("Children who move to another stage: <b>{number}</b>", number=plan.moved),
    ]
    lines += [
        t(
            "• {before} → {after}: {number}",
            before=before.in_(t.language),
            after=after.in_(t.language),
            number=moving,
        )
        for (before, after), moving in list(plan.moves.items())[:SHOWN]
    ]
    rest = sum(list(plan.moves.values())[SHOWN:])
    if rest:
        lines.append(t("• other stages: {number}", number=rest))
    lines += [
        t("Queue numbers that change: <b>{number}</b>", number=plan.renumbered),
        t(
            "Each of these families is sent a notice, by day. A renewal cannot be undone, only "
            "made again as of another day."
        ),
    ]
    return Markup("\n").join(lines)


def nothing(day: date, t: Texts) -> Screen:
    """Everything stands as it should."""
    return Screen(
        t(
            "As of {day} nothing changes: every child is in the stage of its age already.",
            day=t.day(day),
        ),
        rows(back(t)),
    )


def gone(t: Texts) -> Screen:
    """The dry run has been carried out before, or is not theirs."""
    return Screen(
        t("This dry run has been used already. Make a new one: nothing has been changed."),
        rows(back(t)),
    )


def begun(t: Texts) -> Screen:
    """Before the change."""
    return Screen(t("⏳ <b>The queue is being renewed</b>"))


def progress(now: RenewalProgress, t: Texts) -> Screen:
    """How far it has come; what came of it at the end."""
    if now.state is State.RUNNING:
        return begun(t)
    if now.state is State.TELLING:
        return Screen(
            t(
                "⏳ <b>The queue is renewed, notices are being prepared</b>\n"
                "{bar} {done} of {number}",
                bar=bar(now.told, now.renumbered),
                done=now.told,
                number=now.renumbered,
            )
        )
    if now.state is State.FAILED:
        lines = [
            t("⚠️ <b>The renewal has stopped</b>"),
            t("Something went wrong on our side. Call technical support."),
        ]
    else:
        lines = [
            t("✅ <b>The queue is renewed as of {day}</b>", day=t.day(now.as_of)),
            t("Children who have moved to another stage: {number}", number=now.moved),
            t("Queue numbers that have changed: {number}", number=now.renumbered),
            t("Their families are told in the chat, from 08:00 to 21:00."),
        ]
    return of_lines(lines, to_desk(t))


def back(t: Texts) -> InlineKeyboardButton:
    """To the renewal."""
    return button(t.plain("Back"), RenewalButton())


def number(day: date) -> int:
    """A day as a button carries it: 20260901."""
    return int(f"{day:%Y%m%d}")
