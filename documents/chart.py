"""The history of a queue number as a small chart, with the forecast: PNG, 1080 pixels wide."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from babel.dates import format_date

from core.queue.forecast import Forecast, Point, Why
from documents.facts import one_line
from documents.png import draw as draw_png
from locales.texts import Texts, mark

TEMPLATE = Path(__file__).with_name("chart.typ")
SHOWN = timedelta(days=366)
"""How far back the line goes."""
LEAST = timedelta(days=56)
"""A chart is at least that long: one number makes no line."""
TOP = 0.12
"""Share of the field above the greatest number, for its label."""
APART = 0.17
"""How far from one another numbers are set."""
MARGIN = 0.1
"""Share of the field right of today, for its number, where no forecast stands there."""
MOST_MONTHS = 9
"""With more, not every month is named."""

NOTES = {
    Why.CAME: mark("The application tells what to do, and until when."),
    Why.FEW: mark("There can be one once the number has moved for three months."),
    Why.NO_DECLINE: mark("We do not guess. Look again in a month."),
    Why.WIDE: mark("We do not guess. Look again in a month."),
    Why.FAR: mark("That far ahead nobody knows. Look again in a few months."),
}
BECAUSE = {
    Why.CAME: mark("The turn has come: a voucher is there."),
    Why.FEW: mark("No forecast yet: too little data."),
    Why.NO_DECLINE: mark("No forecast: the number has not come down in the last months."),
    Why.WIDE: mark("No forecast: the pace of the last months varies too much."),
    Why.FAR: mark("No forecast: at the pace of the last months it is more than two years."),
}


@dataclass(frozen=True)
class Tick:
    """The beginning of a month; `year` where one is to be named."""

    x: float
    label: str
    year: str


@dataclass(frozen=True)
class Label:
    """A number beside the line."""

    x: float
    y: float
    text: str


class Field:
    """Days and numbers as shares of the field."""

    def __init__(self, first: date, last: date, greatest: int) -> None:
        self.first, self.last = first, last
        self._days = (last - first).days
        self._greatest = max(greatest, 1)

    def x(self, day: date) -> float:
        return (day - self.first).days / self._days

    def y(self, number: float) -> float:
        return TOP + (1 - TOP) * (1 - number / self._greatest)


def render(
    child: str,
    registration_number: str,
    points: Sequence[Point],
    found: Forecast | Why,
    today: date,
    t: Texts,
) -> bytes:
    """The chart of `points`, the oldest first, in the reader's language. ValueError without any.

    It computes for some 50 ms: call it in a thread. The same history is the same bytes.
    """
    shown = _shown(points, today)
    begin = min(shown[0].day, today - LEAST)
    end = today + MARGIN * (today - begin)
    if isinstance(found, Forecast):
        end = max(end, found.last)
    field = Field(begin, end, max(point.number for point in shown))
    now = field.x(today), field.y(shown[-1].number)
    chart = {
        "language": t.language,
        "title": t.plain("Queue number"),
        "subtitle": f"{one_line(child)}, {one_line(registration_number)}",
        "day": t.day(today),
        "number": t.number(shown[-1].number),
        "since": _since(shown, t),
        "ticks": [asdict(tick) for tick in _ticks(field, t)],
        "line": [*_steps(shown, field), now],
        "wedge": _wedge(found, field, now),
        "labels": [asdict(label) for label in _labels(shown, field, today, t)],
        "forecast": told(found, t),
        "note": _note(found, t),
    }
    return draw_png(TEMPLATE, "chart", chart)


def told(found: Forecast | Why, t: Texts) -> str:
    """The forecast in a line: the months, or why there is none."""
    if isinstance(found, Forecast):
        return t.plain("Forecast: {months}", months=t.months(found.first, found.last))
    return t.plain(BECAUSE[found])


def _note(found: Forecast | Why, t: Texts) -> str:
    if isinstance(found, Why):
        return t.plain(NOTES[found])
    return t.plain(
        "An estimate from the pace of the last months, not a promise: the order may change."
    )


def _shown(points: Sequence[Point], today: date) -> list[Point]:
    """The changes of the last SHOWN days; the number that held when they began is the first."""
    if not points:
        raise ValueError("a chart needs a number")
    since = today - SHOWN
    before = [point for point in points if point.day <= since]
    first = [Point(since, before[-1].number)] if before else []
    shown = [*first, *(point for point in points if point.day > since)]
    changes = [after for before, after in pairwise(shown) if before.number != after.number]
    return [shown[0], *changes]


def _steps(shown: Sequence[Point], field: Field) -> Iterator[tuple[float, float]]:
    """The line: a number holds until the day of the next."""
    yield field.x(shown[0].day), field.y(shown[0].number)
    for before, after in pairwise(shown):
        x = field.x(after.day)
        yield x, field.y(before.number)
        yield x, field.y(after.number)


def _wedge(
    found: Forecast | Why, field: Field, now: tuple[float, float]
) -> list[tuple[float, float]]:
    if not isinstance(found, Forecast):
        return []
    return [now, (field.x(found.first), field.y(0)), (field.x(found.last), field.y(0))]


def _since(shown: Sequence[Point], t: Texts) -> str:
    """How it has moved since the chart's first day."""
    day, moved = t.day(shown[0].day), shown[0].number - shown[-1].number
    if len(shown) == 1:
        return t.plain("since {day}", day=day)
    if moved > 0:
        return t.plain("down by {count} since {day}", count=t.number(moved), day=day)
    if moved < 0:
        return t.plain("up by {count} since {day}", count=t.number(-moved), day=day)
    return t.plain("the same as on {day}", day=day)


def _labels(shown: Sequence[Point], field: Field, today: date, t: Texts) -> Iterator[Label]:
    """Numbers over the line as far as there is room: today's, the greatest, the first, then the
    others. Each stands where its number begins, so a line that rises soon after leaves none."""
    last = Point(today, shown[-1].number)
    greatest = max(shown, key=lambda point: point.number)
    placed: list[float] = []
    for point in (last, greatest, shown[0], *shown[1:-1]):
        x = field.x(point.day)
        rises = any(
            other.number > point.number and 0 < field.x(other.day) - x < APART / 2
            for other in shown
        )
        if not rises and all(abs(x - other) >= APART for other in placed):
            placed.append(x)
            yield Label(x, field.y(point.number), t.number(point.number))


def _ticks(field: Field, t: Texts) -> Iterator[Tick]:
    """The months of the field; the year stands under the first of its months."""
    months = list(_months(field))
    every = -(-len(months) // MOST_MONTHS)
    year = None
    for index, day in enumerate(months):
        named = index % every == 0 and field.x(day) < 1 - MARGIN / 2
        name = format_date(day, "LLL", locale=t.language) if named else ""
        yield Tick(field.x(day), name, str(day.year) if named and day.year != year else "")
        year = day.year if named else year


def _months(field: Field) -> Iterator[date]:
    day = field.first.replace(day=1)
    while day <= field.last:
        if day >= field.first:
            yield day
        day = (day + timedelta(days=31)).replace(day=1)
