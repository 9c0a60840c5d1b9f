"""Prometheus' text: counts, ages, durations and costs; no personal data."""

from collections.abc import Iterable, Iterator, Sequence

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from core.clock import Clock
from core.db.engine import Database, DatabaseDown
from core.watch.figures import BOUNDS, Delays, Figures, figures
from core.watch.service import Watch
from core.watch.values import Pulse

UPDATES = Counter("oryn_updates", "Updates of Telegram handled by this process.", ["outcome"])
"""`outcome`: answered, failed (the person was told that something went wrong), postponed (the
database was down: Telegram brings it again), surplus (somebody hammered; nothing was done)."""
for _outcome in ("answered", "failed", "postponed", "surplus"):
    UPDATES.labels(_outcome)
UPDATE_SECONDS = Histogram(
    "oryn_update_seconds",
    "From when this process took an update up until its answer was with Telegram.",
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
TELEGRAM_CALLS = Counter(
    "oryn_telegram_calls", "Calls of this process to Telegram, by what came of them.", ["outcome"]
)
"""`outcome`: taken; asked_to_wait (429); gone (the chat takes nothing any more); refused (it can
never succeed); failed (Telegram, or the way to it)."""
CALLS = {
    name: TELEGRAM_CALLS.labels(name)
    for name in ("taken", "asked_to_wait", "gone", "refused", "failed")
}


async def exposition(db: Database, watch: Watch, clock: Clock) -> bytes:
    """What `/metrics` answers: this process's own counts, and what the records tell, unless the
    database is down. All is read before anything is written, as Prometheus' own collectors cannot
    wait for a database."""
    now = clock.now()
    try:
        pulses = await watch.pulses(now)
        told = [_gauge("oryn_database_up", "Whether the database answers.", 1)]
        told += _of_figures(await figures(db, now))
        told += _of_pulses(pulses, now.timestamp())
    except DatabaseDown:
        told = [_gauge("oryn_database_up", "Whether the database answers.", 0)]
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told(told))
    return generate_latest(REGISTRY) + generate_latest(registry)


class _Told(Collector):
    """Hands over what has been read already."""

    def __init__(self, told: Sequence[Metric]) -> None:
        self._told = told

    def collect(self) -> Iterable[Metric]:
        return self._told


def _of_figures(read: Figures) -> Iterator[Metric]:
    road = ("channel", "lane")
    lines = read.lines.items()
    yield _table("oryn_outbox_due", "Notices that are due.", road, [(k, v.due) for k, v in lines])
    yield _table(
        "oryn_outbox_oldest_due_seconds",
        "For how long the oldest due notice has been.",
        road,
        [(k, v.oldest) for k, v in lines],
    )
    yield _gauge("oryn_codes_due", "One-time codes that wait to be sent.", read.codes.due)
    yield _gauge(
        "oryn_codes_oldest_due_seconds", "For how long the oldest has been.", read.codes.oldest
    )
    yield _gauge(
        "oryn_portal_untold", "Changes that the portal has not taken yet.", read.untold.due
    )
    yield _gauge(
        "oryn_portal_oldest_untold_seconds",
        "For how long the oldest has waited.",
        read.untold.oldest,
    )
    yield _table(
        "oryn_notices_today",
        "Notices planned for today, up to now, by how they stand.",
        ("channel", "state", "because"),
        [((e.channel, e.state, e.because), e.notices) for e in read.ended],
    )
    yield _table(
        "oryn_notice_attempts_today",
        "Attempts that those have taken.",
        ("channel", "state", "because"),
        [((e.channel, e.state, e.because), e.attempts) for e in read.ended],
    )
    yield _delays(read.delays)
    yield from _of_texts(read)
    yield _gauge("oryn_calls_listed", "Families on the call list.", read.calls_listed)
    yield _table(
        "oryn_broadcasts",
        "Broadcasts that are not over.",
        ("stage",),
        [((stage,), number) for stage, number in read.broadcasts.items()],
    )


def _of_texts(read: Figures) -> Iterator[Metric]:
    labels = ("gateway", "state")
    rows = [((told.gateway, told.state), told) for told in read.texts]
    yield _table(
        "oryn_sms_today", "Text messages of today.", labels, [(k, v.messages) for k, v in rows]
    )
    yield _table(
        "oryn_sms_segments_today", "Their segments.", labels, [(k, v.segments) for k, v in rows]
    )
    yield _table("oryn_sms_cost_tenge_today", "Their cost.", labels, [(k, v.cost) for k, v in rows])
    yield _table(
        "oryn_sms_receipts_today",
        "Receipts of today.",
        ("gateway",),
        [((gateway,), n) for gateway, n in read.receipts.items()],
    )


def _of_pulses(pulses: Sequence[Pulse], now: float) -> Iterator[Metric]:
    rows = [((pulse.name,), pulse) for pulse in pulses]
    yield _table(
        "oryn_watchdog_ok",
        "Whether a watchdog found nothing and was not late.",
        ("name",),
        [(k, int(v.ok)) for k, v in rows],
    )
    yield _table(
        "oryn_watchdog_age_seconds",
        "How long ago it looked.",
        ("name",),
        [(k, now - v.at.timestamp()) for k, v in rows if v.at],
    )


def _delays(delays: dict[str, Delays]) -> Metric:
    family = HistogramMetricFamily(
        "oryn_notice_delay_today_seconds",
        "From when a notice of today was meant to go out until it was out.",
        labels=["channel"],
    )
    for channel, told in delays.items():
        buckets = [
            (str(float(bound)), float(n)) for bound, n in zip(BOUNDS, told.within, strict=True)
        ]
        family.add_metric([channel], [*buckets, ("+Inf", told.count)], told.seconds)
    return family


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)


def _table(
    name: str,
    meaning: str,
    labels: Sequence[str],
    rows: Iterable[tuple[Sequence[str], float]],
) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=labels)
    for values, number in rows:
        family.add_metric(values, number)
    return family
