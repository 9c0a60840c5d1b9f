"""What stands under the picture of the figures, and the choice of a district."""

from bot.keyboards.base import button, columns, rows
from bot.keyboards.staff.base import back_to_desk, to_desk
from bot.keyboards.staff.figures import FiguresButton, FiguresFileButton, FiguresOfButton
from bot.screens.base import Screen
from core.applications.rules import Status
from core.clock import local
from core.figures.values import Report
from core.places.districts import DISTRICTS
from documents.figures import place
from locales.texts import Texts


def caption(report: Report, t: Texts, *, whole_region: bool) -> Screen:
    """The picture's caption: where, and what ends today. `whole_region`: the reader may see every
    district."""
    text = t(
        "📊 <b>{place}</b>, {moment}\nWait for a voucher: {waiting}.\n"
        "Terms that end today: {confirm} to confirm, {choose} to choose a kindergarten.",
        place=place(report, t),
        moment=t.moment(local(report.moment)),
        waiting=t.number(report.waiting),
        confirm=t.number(report.left_within(Status.AWAITING_CONFIRMATION, 0, 0)),
        choose=t.number(report.left_within(Status.VOUCHER_ISSUED, 0, 0)),
    )
    file = button(t.plain("As a table (XLSX)"), FiguresFileButton(district=report.district))
    other = button(t.plain("Another district"), FiguresOfButton())
    return Screen(text, rows(file, *([other] if whole_region else []), to_desk(t)))


def which_district(t: Texts) -> Screen:
    """The region, or one of its districts."""
    region = button(t.plain("The whole region"), FiguresButton())
    choices = [
        button(name.in_(t.language), FiguresButton(district=code))
        for code, name in DISTRICTS.items()
    ]
    return Screen(t("<b>Whose figures?</b>"), rows(region, *columns(choices, 2), back_to_desk(t)))
