"""What operators are told: which watchdog is ill, and the figures, never a person's data."""

import json
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

import webhook
from bot.maintenance import watch_of
from bot.metrics import exposition
from bot.settings import Settings
from core.clock import TravelClock
from core.db.engine import Database
from core.watch.service import Watch
from core.watch.watchdogs import watchdogs
from tests import factories
from tests.integration.watch.records import HOUR, MINUTE, notice, receipt, sms

WELL = {duty.name for duty in watchdogs([])} | {"retention"}
Samples = dict[tuple[str, frozenset[str]], float]


@pytest.fixture
def watch(database: Database) -> Watch:
    return watch_of(Settings(), database)


@pytest.fixture
async def covered(database: Database, clock: TravelClock) -> factories.Desk:
    """A calendar, so that all is well."""
    return await factories.desk(database, clock)


@pytest.fixture
async def nowhere() -> AsyncIterator[Database]:
    """A database that is down."""
    database = Database("sqlite:////nowhere/at/all.db")
    yield database
    await database.close()


async def ready(db: Database, watch: Watch, clock: TravelClock) -> tuple[int, dict[str, Any]]:
    house = SimpleNamespace(core=SimpleNamespace(db=db, clock=clock), watch=watch)
    request: Any = SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace(house=house)))
    answer = await webhook.ready(request)
    return answer.status_code, json.loads(bytes(answer.body))


async def samples(db: Database, watch: Watch, clock: TravelClock) -> Samples:
    told = (await exposition(db, watch, clock)).decode()
    return {
        (sample.name, frozenset(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(told)
        for sample in family.samples
    }


async def test_ready_names_the_watchdog_that_is_ill_and_what_it_found(
    covered: factories.Desk, watch: Watch
) -> None:
    db, clock = covered.db, covered.clock
    await watch.run_due(clock.now())
    status, told = await ready(db, watch, clock)
    assert (status, told["status"], told["database"]) == (200, "ok", "up")
    assert set(told["watchdogs"]) == WELL
    late = await notice(db, clock.now() - HOUR, lane=2)
    clock.move(clock.now() + MINUTE)
    await watch.run_due(clock.now())
    status, told = await ready(db, watch, clock)
    assert (status, told["status"]) == (200, "ill")
    ill = {name: dog for name, dog in told["watchdogs"].items() if not dog["ok"]}
    assert list(ill) == ["outbox_age"]
    assert ill["outbox_age"]["ids"] == [f"notice:{late}"]
    assert ill["outbox_age"]["since"] == clock.now().isoformat().replace("+05:00", "+00:00")


async def test_only_a_database_that_is_down_takes_the_webhook_away(
    covered: factories.Desk, watch: Watch, nowhere: Database
) -> None:
    status, told = await ready(covered.db, watch, covered.clock)
    assert (status, told["status"]) == (200, "ill")  # nobody has looked yet
    assert all(dog["late"] for dog in told["watchdogs"].values())
    down = Watch(nowhere, watchdogs([]))
    assert await ready(nowhere, down, covered.clock) == (
        503,
        {"status": "ill", "database": "down"},
    )


async def test_every_watchdog_has_a_heartbeat_and_a_figure(
    covered: factories.Desk, watch: Watch
) -> None:
    await watch.run_due(covered.clock.now())
    assert {pulse.name for pulse in await watch.pulses(covered.clock.now()) if pulse.ok} == WELL
    told = await samples(covered.db, watch, covered.clock)
    for name in WELL:
        assert told["oryn_watchdog_ok", frozenset({name})] == 1
        assert told["oryn_watchdog_age_seconds", frozenset({name})] == 0


async def test_the_figures_are_those_of_the_records(covered: factories.Desk, watch: Watch) -> None:
    db, clock = covered.db, covered.clock
    now = clock.now()
    await notice(db, now - 3 * MINUTE, lane=2)
    await notice(db, now - MINUTE, lane=2)
    await notice(db, now - MINUTE, lane=3, due_at=now + MINUTE, state="sending", attempts=2)
    for seconds in (3, 30):
        sent = {"state": "sent", "due_at": None, "attempts": 1, "message_id": seconds}
        await notice(db, now - HOUR, sent_at=now - HOUR + seconds * MINUTE / 60, **sent)
    await notice(db, now - 24 * HOUR, state="failed", due_at=None, because="refused")
    await notice(db, now, channel="call", state="sent", due_at=None)
    for cost in (12, 13):
        await sms(db, now - HOUR, cost=cost, state="delivered")
    await receipt(db, now - HOUR)
    told = await samples(db, watch, clock)

    def figure(name: str, *labels: str) -> float | None:
        return told.get((name, frozenset(labels)))

    assert figure("oryn_outbox_due", "telegram", "voucher") == 2
    assert figure("oryn_outbox_due", "telegram", "reminder") == 0
    assert figure("oryn_outbox_oldest_due_seconds", "telegram", "voucher") == 180
    assert figure("oryn_notices_today", "telegram", "sent", "") == 2
    assert figure("oryn_notice_attempts_today", "telegram", "sending", "") == 2
    assert figure("oryn_notices_today", "telegram", "failed", "refused") is None  # yesterday
    assert figure("oryn_notice_delay_today_seconds_bucket", "telegram", "5.0") == 1
    assert figure("oryn_notice_delay_today_seconds_bucket", "telegram", "60.0") == 2
    assert figure("oryn_notice_delay_today_seconds_sum", "telegram") == pytest.approx(33, abs=0.1)
    assert figure("oryn_sms_segments_today", "smsc", "delivered") == 4
    assert figure("oryn_sms_cost_tenge_today", "smsc", "delivered") == 25
    assert figure("oryn_sms_receipts_today", "smsc") == 1
    assert figure("oryn_calls_listed") == 1
    assert figure("oryn_broadcasts", "running") == 0
    assert figure("oryn_database_up") == 1


async def test_no_figure_tells_who_somebody_is(covered: factories.Desk, watch: Watch) -> None:
    db, clock = covered.db, covered.clock
    await factories.parent(db, clock.now())
    await notice(db, clock.now())
    await sms(db, clock.now())
    await watch.run_due(clock.now())
    told = (await exposition(db, watch, clock)).decode()
    for secret in (factories.iin(1), "7750000001", "Parent 1"):
        assert secret not in told


async def test_a_database_that_is_down_is_a_figure_too(
    nowhere: Database, clock: TravelClock
) -> None:
    told = await samples(nowhere, Watch(nowhere, watchdogs([])), clock)
    assert told["oryn_database_up", frozenset()] == 0
    assert told["oryn_updates_total", frozenset({"failed"})] >= 0
