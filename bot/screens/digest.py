"""What stands under the picture of the weekly digest."""

from bot.keyboards.base import button, rows
from bot.keyboards.staff.figures import FiguresButton, FiguresFileButton
from bot.screens.base import Screen
from core.applications.rules import Event
from core.figures.values import Report
from documents.figures import place
from locales.texts import Texts


def caption(report: Report, t: Texts) -> Screen:
    """The week in three numbers, and the ways to more."""
    text = t(
        "📊 <b>The week in figures:</b> {place}\n"
        "Vouchers issued: {issued}, confirmed: {confirmed}, places taken: {taken}.",
        place=place(report, t),
        issued=t.number(report.week.get(Event.ISSUE_VOUCHER, 0)),
        confirmed=t.number(report.week.get(Event.CONFIRM_INTEREST, 0)),
        taken=t.number(report.week.get(Event.TAKE_PLACE, 0)),
    )
    now = button(t.plain("Figures as of now"), FiguresButton())
    return Screen(text, rows(now, button(t.plain("As a table (XLSX)"), FiguresFileButton())))
