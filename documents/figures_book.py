"""The figures as XLSX: the same numbers as in the picture, and all of them."""

from core.clock import local
from core.figures.values import LONG, SHORT, Report
from core.places.districts import DISTRICTS
from documents.figures import HAPPENED, SPANS, STATUSES, WAYS, category_names, place
from documents.workbook import Workbook
from locales.texts import Texts

FIRST = (44,)
"""Width of the first column, in characters."""


def render(report: Report, t: Texts) -> bytes:
    """The workbook in the reader's language: queue, vouchers, answers, ways, SMS, the week."""
    book = Workbook()
    _queue(book, report, t)
    _vouchers(book, report, t)
    _answers(book, report, t)
    _ways(book, report, t)
    _texts(book, report, t)
    _week(book, report, t)
    return book.to_bytes()


def file_name(report: Report) -> str:
    """What the file is called: `stats-region-2026-04-06.xlsx`."""
    return f"stats-{report.district or 'region'}-{local(report.moment):%Y-%m-%d}.xlsx"


def _queue(book: Workbook, report: Report, t: Texts) -> None:
    """Districts below each other, categories side by side."""
    names = category_names(report, t)
    head = [f"{place(report, t)}, {t.moment(local(report.moment))}", t.plain("in all")]
    sheet = book.sheet(t.plain("Queue by stage"), [*head, *names.values()], FIRST)
    shown = [report.district] if report.district else list(DISTRICTS)
    for district in shown:
        counts = [report.queue.get((district, code), 0) for code in names]
        sheet.add([DISTRICTS[district].in_(t.language), sum(counts), *counts])
    sums = [report.by_category.get(code, 0) for code in names]
    sheet.add([t.plain("in all"), sum(sums), *sums], bold=True)


def _vouchers(book: Workbook, report: Report, t: Texts) -> None:
    sheet = book.sheet(
        t.plain("Terms of vouchers"),
        [t.plain("Where it stands"), t.plain("Days left"), t.plain("Number of families")],
        FIRST,
    )
    for status, name in STATUSES.items():
        theirs = sorted((days, n) for (of, days), n in report.left.items() if of is status)
        for days, count in theirs:
            sheet.add([t.plain(name), days, count])
        sheet.add([t.plain(name), t.plain("in all"), report.open(status)], bold=True)


def _answers(book: Workbook, report: Report, t: Texts) -> None:
    spans = [t.plain("in {days} days", days=days) for days in (SHORT, LONG)]
    sheet = book.sheet(t.plain("Answered"), [t.plain("From issue to answer"), *spans], FIRST)
    given = [report.answers[days] for days in (SHORT, LONG)]
    for span, name in SPANS.items():
        sheet.add([t.plain(name), *(of.spans[span] for of in given)])
    sheet.add([t.plain("no answer"), *(of.missed for of in given)])
    sheet.add([t.plain("Half answered within, hours"), *(of.median for of in given)], bold=True)


def _ways(book: Workbook, report: Report, t: Texts) -> None:
    head = [t.plain("How they learned of it"), t.plain("in {days} days", days=SHORT)]
    sheet = book.sheet(t.plain("How they learned of it"), head, FIRST)
    for way, name in WAYS.items():
        sheet.add([t.plain(name), report.reached[way]])


def _texts(book: Workbook, report: Report, t: Texts) -> None:
    head = [
        t.plain("Calendar month"),
        t.plain("Text messages"),
        t.plain("SMS segments"),
        t.plain("Cost, ₸"),
    ]
    sheet = book.sheet("SMS", head, FIRST)
    for name, of in (
        (t.plain("SMS this month"), report.this_month),
        (t.plain("SMS last month"), report.last_month),
    ):
        sheet.add([name, of.messages, of.segments, of.cost])


def _week(book: Workbook, report: Report, t: Texts) -> None:
    sheet = book.sheet(
        t.plain("In the week"), [t.plain("In the week"), t.plain("Number of families")], FIRST
    )
    for name, events in HAPPENED.items():
        sheet.add([t.plain(name), sum(report.week.get(event, 0) for event in events)])
    sheet.add([t.plain("The queue grew by"), report.week_queue], bold=True)
