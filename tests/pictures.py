"""The pictures, drawn of invented numbers: `python -m tests.pictures FOLDER` draws each of them in
each language to be looked at, `python -m tests.pictures --update` draws docs/stats.png anew."""

import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from core.applications.rules import Event, Status
from core.clock import ALMATY
from core.figures.values import LONG, SHORT, Answers, Report, Texts, Way
from core.named import Named
from core.places.districts import DISTRICTS
from core.queue.forecast import Point, forecast
from documents import chart, figures
from locales.texts import LANGUAGES, texts
from locales.texts import Texts as Words
from seed.categories import CATEGORIES

EXAMPLE = Path(__file__).parent.parent / "docs" / "stats.png"
MONDAY = datetime(2026, 4, 6, 9, 0, tzinfo=ALMATY)
NAMES = {code: Named(kk, ru, en) for code, kk, ru, en in CATEGORIES}


def region(scale: float = 1.0, names: dict[str, Named] = NAMES) -> Report:
    """The region on a Monday; `scale` 1 is some four thousand families."""
    random = Random(248)
    sizes = {code: random.lognormvariate(4.6, 0.8) for code in DISTRICTS} | {"kokshetau": 1300}
    queue = {
        (district, code): int(scale * size * random.uniform(0.5, 1.5) * (place + 1) / 15)
        for district, size in sizes.items()
        for place, code in enumerate(names)
    }
    return report(None, {key: count for key, count in queue.items() if count}, scale, names)


def district() -> Report:
    """One district."""
    queue = {("kokshetau", code): 40 * place + 7 for place, code in enumerate(NAMES)}
    return report("kokshetau", queue, 0.2, NAMES)


def report(
    of: str | None, queue: dict[tuple[str, str], int], scale: float, names: dict[str, Named]
) -> Report:
    """A report about that queue, with all the other numbers in proportion."""

    def some(number: float) -> int:
        return int(number * scale)

    hours = {hour: some(90 / (hour + 2)) for hour in range(70)}
    return Report(
        district=of,
        moment=MONDAY,
        categories=names,
        queue=queue,
        left={
            (Status.AWAITING_CONFIRMATION, 0): some(18),
            (Status.AWAITING_CONFIRMATION, 1): some(42),
            (Status.VOUCHER_ISSUED, 0): some(9),
            (Status.VOUCHER_ISSUED, 1): some(17),
            (Status.VOUCHER_ISSUED, 4): some(88),
            (Status.STOP_LIST, 3): some(31),
        },
        answers={SHORT: Answers(hours, some(44)), LONG: Answers({12: some(900)}, some(120))},
        reached=dict(zip(Way, map(some, (412, 57, 9, 14)), strict=True)),
        this_month=Texts(some(214), some(431), 21.5 * some(431)),
        last_month=Texts(some(1322), some(2650), 21.5 * some(2650)),
        week={
            Event.ISSUE_VOUCHER: some(120),
            Event.CONFIRM_INTEREST: some(96),
            Event.TAKE_PLACE: some(71),
            Event.REFUSE_VOUCHER: some(6),
            Event.REMOVE_FROM_QUEUE: some(3),
            Event.CONFIRMATION_MISSED: some(11),
            Event.RESTORE: some(4),
        },
        week_queue=some(-87),
    )


def nothing(of: str | None) -> Report:
    """A report about nothing at all."""
    return report(of, {}, 0, {})


def many() -> Report:
    """45,000 families in 21 stages with the longest names."""
    name = Named(*(f"{long}, {long}" for long in NAMES["aged_3"].__dict__.values()))
    return region(0.75, {f"stage_{number}": name for number in range(21)})


def fell(drops: list[int], number: int) -> list[Point]:
    """A queue number that came down by `drops`, a week each, to `number` on that Monday."""
    points, level = [Point(MONDAY.date(), number)], number
    for week, drop in enumerate(reversed(drops), start=1):
        level += drop
        points.append(Point(MONDAY.date() - timedelta(weeks=week), level))
    return points[::-1]


HISTORIES = {
    "steady": fell([2, 3, 1, 2, 0, 4, 2, 2, 3, 1, 2, 3, 2, 0, 1, 2, 3, 1, 0, 1, 2, 0, 1, 3, 1], 41),
    "batches": fell([0, 0, 0, 9] * 12, 24),
    "renewed": fell([3, 2, 3, 2, 3, 2, 3, 2, -40, 3, 2, 4, 2, 3, 4, 2, 3, 4, 3, 2, 4, 3, 2, 4], 38),
    "one": fell([], 1234),
    "standing": fell([0] * 30, 7),
    "returned": fell([0, 3, 0, 0, -3] * 6, 12),
    "thousands": fell([60] * 40, 1250),
}  # fmt: skip
"""Histories of a queue number."""

SAMPLES: dict[str, Callable[[], Report]] = {"region": region, "district": district, "many": many,
           "nothing": lambda: nothing(None), "nothing-there": lambda: nothing("esil")}  # fmt: skip


def draw_chart(name: str, t: Words) -> bytes:
    """The chart of a history."""
    points, today = HISTORIES[name], MONDAY.date()
    return chart.render("Айару", "ОДО.2026.248", points, forecast(points, today), today, t)


def draw(folder: Path) -> None:
    """Every picture in every language."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        t = texts(language)
        for name, made in SAMPLES.items():
            (folder / f"{name}-{language}.png").write_bytes(figures.render(made(), t))
        for name in HISTORIES:
            (folder / f"chart-{name}-{language}.png").write_bytes(draw_chart(name, t))
        digest = figures.render(region(), t, digest=True)
        (folder / f"digest-{language}.png").write_bytes(digest)


if __name__ == "__main__":
    if sys.argv[1] == "--update":
        EXAMPLE.write_bytes(figures.render(region(), texts("kk")))
    else:
        draw(Path(sys.argv[1]))
