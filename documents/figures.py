"""The figures as one picture for a phone: PNG, 1080 pixels wide."""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal

from core.applications.rules import Event, Status
from core.clock import local
from core.figures.values import LONG, SHORT, Answers, Report, Span, Way
from core.places.districts import DISTRICTS, REGION
from documents.facts import one_line
from documents.png import draw as draw_png
from locales.texts import Texts, mark

TEMPLATE = Path(__file__).with_name("figures.typ")
LONGEST = 100
"""Letters of a category's name: two lines."""
MOST, MOST_OF_REGION = 14, 5
"""Categories that a picture shows; the smaller ones are one line."""

STATUSES = {
    Status.AWAITING_CONFIRMATION: mark("Awaiting confirmation"),
    Status.VOUCHER_ISSUED: mark("Voucher issued"),
    Status.STOP_LIST: mark("On the stop list"),
}
HEAD = (
    mark("Vouchers: their term ends"),
    mark("in all"),
    mark("today"),
    mark("tomorrow"),
    mark("later"),
)
"""Of the table of vouchers: how many of a status, and when the terms of how many end."""
SPANS = {
    Span.HOUR: mark("within 1 hour"),
    Span.FOUR: mark("1–4 hours"),
    Span.TWELVE: mark("4–12 hours"),
    Span.DAY: mark("12–24 hours"),
    Span.TWO_DAYS: mark("24–48 hours"),
    Span.LONGER: mark("after 48 hours"),
}
WAYS = {
    Way.TELEGRAM: mark("seen in Telegram"),
    Way.SMS: mark("SMS delivered"),
    Way.CALL: mark("told by phone"),
    Way.NOBODY: mark("nobody reached yet"),
}
HAPPENED: dict[str, tuple[Event, ...]] = {
    mark("Vouchers issued"): (Event.ISSUE_VOUCHER,),
    mark("Confirmed"): (Event.CONFIRM_INTEREST,),
    mark("Places taken"): (Event.TAKE_PLACE,),
    mark("Refused or left"): (Event.REFUSE_VOUCHER, Event.REMOVE_FROM_QUEUE),
    mark("Not confirmed in time"): (Event.CONFIRMATION_MISSED,),
    mark("Restored"): (Event.RESTORE,),
}


@dataclass(frozen=True)
class Bar:
    """A label with its number; `share` of the longest bar, 0 to 1."""

    label: str
    value: str
    share: float
    note: str = ""
    tint: Literal["plain", "warn"] = "plain"


@dataclass(frozen=True)
class Section:
    """Bars under a heading; `empty` stands for them where there are none."""

    heading: str
    bars: tuple[Bar, ...]
    note: str = ""
    columns: int = 1
    empty: str = ""
    lines: tuple[str, ...] = ()


def render(report: Report, t: Texts, *, digest: bool = False) -> bytes:
    """The picture, in the reader's language. In the digest the week's changes stand where the
    categories stand otherwise.

    It computes for some 100 ms: call it in a thread. The same figures are the same bytes.
    """
    middle = _week(report, t) if digest else _categories(report, t)
    picture = {
        "language": t.language,
        "title": t.plain("Queue and vouchers"),
        "place": place(report, t),
        "moment": t.moment(local(report.moment)),
        "waiting": {
            "value": t.number(report.waiting),
            "label": t.plain("wait for a voucher"),
            "note": t.plain("in 7 days: {change}", change=_signed(report.week_queue, t)),
        },
        "vouchers": _vouchers(report, t),
        "sections": [asdict(section) for section in (*_districts(report, t), middle)],
        "pair": [
            [asdict(_answers(report, t))],
            [asdict(_reached(report, t)), asdict(_costs(report, t))],
        ],
    }
    return draw_png(TEMPLATE, "picture", picture)


def place(report: Report, t: Texts) -> str:
    """What the report is about."""
    of = DISTRICTS[report.district] if report.district else REGION
    return of.in_(t.language)


def category_names(report: Report, t: Texts) -> dict[str, str]:
    """Code -> name; a last clause that all names share (“by the date of registration”) is left
    out."""
    names = {code: one_line(name.in_(t.language)) for code, name in report.categories.items()}
    return {
        code: textwrap.shorten(name, LONGEST, placeholder="…") for code, name in _cut(names).items()
    }


def _cut(names: dict[str, str]) -> dict[str, str]:
    cut = [name.rpartition(", ") for name in names.values()]
    if len({last for _, _, last in cut}) == 1 < len(cut):
        return {code: head or last for code, (head, _, last) in zip(names, cut, strict=True)}
    return names


def _vouchers(report: Report, t: Texts) -> Mapping[str, Sequence[object]]:
    head = [t.plain(word) for word in HEAD]
    spans = ((0, 0), (1, 1), (2, None))
    rows = [
        [
            t.plain(name),
            t.number(report.open(status)),
            *(t.number(report.left_within(status, *span)) for span in spans),
        ]
        for status, name in STATUSES.items()
    ]
    return {"head": head, "rows": rows}


def _districts(report: Report, t: Texts) -> Iterable[Section]:
    """By district, the longest queue first; one district has none of this."""
    if report.district is not None:
        return
    sums = report.by_district
    names = {code: DISTRICTS[code].in_(t.language) for code in DISTRICTS if code in sums}
    counted = sorted(((names[code], sums[code]) for code in names), key=lambda one: -one[1])
    yield Section(
        t.plain("Queue by district"), _bars(counted, t), columns=2, empty=_unless(counted, t)
    )


def _categories(report: Report, t: Texts) -> Section:
    sums, names = report.by_category, category_names(report, t)
    counted = [(name, sums[code]) for code, name in names.items() if code in sums]
    rest: tuple[Bar, ...] = ()
    most = MOST if report.district else MOST_OF_REGION
    if len(counted) > most:
        greatest = sorted(counted, key=lambda one: -one[1])[: most - 1]
        others = [one for one in counted if one not in greatest]
        counted = [one for one in counted if one in greatest]
        name = t.plain_plural("{count} other stage", "{count} other stages", len(others))
        rest = (Bar(name, t.number(sum(count for _, count in others)), 0),)
    bars = (*_bars(counted, t), *rest)
    return Section(t.plain("Queue by stage"), bars, empty=_unless(bars, t))


def _week(report: Report, t: Texts) -> Section:
    counted = [
        (t.plain(name), sum(report.week.get(event, 0) for event in events))
        for name, events in HAPPENED.items()
    ]
    first = local(report.moment - timedelta(days=7)).date()
    span = f"{t.day(first)[:5]} – {t.day(local(report.moment).date())[:5]}"
    return Section(t.plain("In the week"), _bars(counted, t), note=span, columns=2)


def _answers(report: Report, t: Texts) -> Section:
    answers = report.answers[SHORT]
    whole = answers.count + answers.missed
    counted = [(t.plain(SPANS[span]), count) for span, count in answers.spans.items()]
    counted.append((t.plain("no answer"), answers.missed))
    bars = _bars(counted, t, of=whole, warn=len(counted) - 1) if whole else ()
    return Section(
        t.plain("Answered"),
        bars,
        note=t.plain("in {days} days", days=SHORT),
        empty=_unless(bars, t),
        lines=tuple(_medians(report.answers, t)),
    )


def _medians(answers: Mapping[int, Answers], t: Texts) -> Iterable[str]:
    short, long = answers[SHORT].median, answers[LONG].median
    if short is not None:
        yield t.plain_plural("Half: within {count} hour.", "Half: within {count} hours.", short)
    if long is not None:
        yield t.plain_plural(
            "In {days} days: within {count} hour.",
            "In {days} days: within {count} hours.",
            long,
            days=LONG,
        )


def _reached(report: Report, t: Texts) -> Section:
    counted = [(t.plain(WAYS[way]), count) for way, count in report.reached.items()]
    whole = sum(report.reached.values())
    bars = _bars(counted, t, of=whole, warn=len(counted) - 1) if whole else ()
    return Section(
        t.plain("How they learned of it"),
        bars,
        note=t.plain("in {days} days", days=SHORT),
        empty=_unless(bars, t),
    )


def _costs(report: Report, t: Texts) -> Section:
    counted = (
        (t.plain("This month: {count}", count=t.number(report.this_month.messages)),
         report.this_month.cost),
        (t.plain("Last month: {count}", count=t.number(report.last_month.messages)),
         report.last_month.cost),
    )  # fmt: skip
    return Section(
        t.plain("Cost of SMS"), tuple(Bar(name, f"{t.number(cost)} ₸", 0) for name, cost in counted)
    )


def _bars(
    counted: Sequence[tuple[str, int]], t: Texts, of: int = 0, warn: int | None = None
) -> tuple[Bar, ...]:
    """Bars by the greatest; with `of` the whole, each tells its percentage. `warn`: the one that
    is no good news."""
    greatest = max((count for _, count in counted), default=0) or 1
    return tuple(
        Bar(
            label,
            t.number(count),
            count / greatest,
            note=f"{100 * count / of:.0f} %" if of else "",
            tint="warn" if index == warn else "plain",
        )
        for index, (label, count) in enumerate(counted)
    )


def _unless(counted: Sequence[object], t: Texts) -> str:
    return "" if counted else t.plain("nothing yet")


def _signed(number: int, t: Texts) -> str:
    return f"+{t.number(number)}" if number > 0 else t.number(number)
