"""The yearly renewal of the queue (D16): ages, stages, numbers, and who is told why."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from core.applications.tables import ApplicationRecord, HistoryRecord
from core.clock import TravelClock
from core.db.engine import Database
from core.notices.tables import NoticeRecord
from core.queue import renewing
from core.queue.renewal import Renewal
from core.queue.tables import QueueNumberRecord
from core.queue.values import NoSuchRenewal, RenewalProgress, State
from core.staff.rules import Member, NotAllowed, Role
from tests.integration.vouchers import queues

AUTUMN = date(2026, 9, 1)
THREE_BY_AUTUMN = date(2023, 9, 1)
STILL_TWO = date(2023, 9, 2)


@pytest.fixture
async def head(database: Database, clock: TravelClock) -> Member:
    await queues.stages(database)
    return await queues.member(database, clock, 9001, Role.HEAD)


@pytest.fixture
async def queue(database: Database, head: Member, clock: TravelClock) -> dict[str, int]:
    """Two lines; who is three by autumn comes before one who is three already."""
    now, day = clock.now(), timedelta(days=1)
    made = {
        "three": queues.waiting(1, now - 5 * day),
        "turns three": queues.waiting(2, now - 9 * day, stage="aged_2", born=THREE_BY_AUTUMN),
        "still two": queues.waiting(3, now - 4 * day, stage="aged_2", born=STILL_TWO),
        "privileged": queues.waiting(4, now - 7 * day, stage="first", born=THREE_BY_AUTUMN),
        "on the stop list": queues.waiting(
            5, now - 8 * day, stage="aged_2", born=THREE_BY_AUTUMN, status="stop_list"
        ),
        "archived": queues.waiting(
            6, now - 8 * day, stage="aged_2", born=THREE_BY_AUTUMN, status="archived"
        ),
        "elsewhere": queues.waiting(7, now - 6 * day, district="akkol"),
    }
    async with database.write() as session:
        session.add_all(made.values())
        await session.flush()
        return {name: record.id for name, record in made.items()}


async def renew(
    renewal: Renewal, by: Member, clock: TravelClock, as_of: date = AUTUMN
) -> RenewalProgress:
    plan = await renewal.plan(by, as_of, clock.now())
    await renewal.start(by, plan.id, clock.now())
    while (progress := await renewal.step(plan.id, clock.now())).state is not State.DONE:
        pass
    return progress


async def stages(db: Database) -> dict[int, str]:
    async with db.read() as session:
        rows = await session.execute(select(ApplicationRecord.id, ApplicationRecord.category))
        return {row[0]: row[1] for row in rows}


async def test_the_dry_run_tells_what_would_change_and_changes_nothing(
    database: Database, head: Member, queue: dict[str, int], clock: TravelClock
) -> None:
    before = await stages(database)
    plan = await Renewal(database).plan(head, AUTUMN, clock.now())
    assert {(a.en, b.en): n for (a, b), n in plan.moves.items()} == {("aged_2", "aged_3"): 2}
    assert plan.renumbered == 2  # "three" gives way, "still two" moves up; the mover stays first
    assert await stages(database) == before
    nothing = await Renewal(database).plan(head, date(2026, 4, 7), clock.now())
    assert (nothing.moved, nothing.renumbered) == (0, 0)


async def test_children_move_by_age_and_privileges_stay(
    database: Database, head: Member, queue: dict[str, int], clock: TravelClock
) -> None:
    progress = await renew(Renewal(database), head, clock)
    assert (progress.moved, progress.renumbered, progress.told) == (2, 2, 2)
    now = await stages(database)
    assert {name: now[id_] for name, id_ in queue.items()} == {
        "three": "aged_3",
        "turns three": "aged_3",
        "still two": "aged_2",
        "privileged": "first",
        "on the stop list": "aged_3",
        "archived": "aged_2",
        "elsewhere": "aged_3",
    }
    async with database.read() as session:
        lines = list(await session.scalars(select(HistoryRecord).order_by(HistoryRecord.id)))
    assert {line.application_id for line in lines} == {
        queue["turns three"],
        queue["on the stop list"],
    }
    assert {(line.event, line.actor) for line in lines} == {("stage_changed", "operator")}
    assert lines[0].details == {"from": "aged_2", "to": "aged_3"}


async def test_whose_number_has_changed_is_told_the_old_one_the_new_one_and_why(
    database: Database, head: Member, queue: dict[str, int], clock: TravelClock
) -> None:
    async with database.write() as session:  # the number of the child that moves changes as well
        session.add(queues.waiting(8, clock.now() - timedelta(days=99)))
    await renew(Renewal(database), head, clock)
    async with database.read() as session:
        notices = {
            notice.application_id: notice for notice in await session.scalars(select(NoticeRecord))
        }
    told = {
        id_: (n.details["old"], n.details["new"], n.details["moved"]) for id_, n in notices.items()
    }
    assert told == {
        queue["turns three"]: (1, 2, True),
        queue["three"]: (2, 3, False),
        queue["still two"]: (2, 1, False),
    }
    assert {(n.kind, n.lane, n.channel) for n in notices.values()} == {
        ("queue_renewed", 3, "telegram")
    }


async def test_a_second_renewal_changes_nothing_and_tells_nobody(
    database: Database, head: Member, queue: dict[str, int], clock: TravelClock
) -> None:
    renewal = Renewal(database)
    await renew(renewal, head, clock)
    before = await stages(database)
    clock.move(clock.now() + timedelta(minutes=1))
    again = await renew(renewal, head, clock)
    assert (again.moved, again.renumbered, again.told) == (0, 0, 0)
    assert await stages(database) == before
    assert len(await queues.told(database, "queue_renewed")) == 2


async def test_the_history_of_numbers_has_the_number_before_and_after(
    database: Database, head: Member, queue: dict[str, int], clock: TravelClock
) -> None:
    await renew(Renewal(database), head, clock)
    async with database.read() as session:
        numbers = await session.scalars(
            select(QueueNumberRecord.number)
            .where(QueueNumberRecord.application_id == queue["three"])
            .order_by(QueueNumberRecord.id)
        )
        assert list(numbers) == [1, 2]


async def test_a_kill_between_the_change_and_the_notices_loses_no_notice(
    database: Database,
    head: Member,
    queue: dict[str, int],
    clock: TravelClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(renewing, "BATCH", 1)
    renewal = Renewal(database)
    plan = await renewal.plan(head, AUTUMN, clock.now())
    await renewal.start(head, plan.id, clock.now())
    assert (await renewal.step(plan.id, clock.now())).state is State.TELLING
    assert (await renewal.step(plan.id, clock.now())).told == 1
    again = Renewal(database)  # another process
    assert await again.running() == [plan.id]
    while (progress := await again.step(plan.id, clock.now())).state is not State.DONE:
        pass
    assert progress.told == 2
    assert await again.running() == []
    assert await queues.told(database, "queue_renewed") == sorted(
        [queue["three"], queue["still two"]]
    )


async def test_an_operator_renews_nothing_and_a_dry_run_is_its_makers(
    database: Database, head: Member, queue: dict[str, int], clock: TravelClock
) -> None:
    renewal = Renewal(database)
    operator = await queues.operator(database, clock, 9002)
    with pytest.raises(NotAllowed):
        await renewal.plan(operator, AUTUMN, clock.now())
    plan = await renewal.plan(head, AUTUMN, clock.now())
    with pytest.raises(NotAllowed):
        await renewal.start(operator, plan.id, clock.now())
    other = await queues.member(database, clock, 9003, Role.HEAD)
    with pytest.raises(NoSuchRenewal):
        await renewal.start(other, plan.id, clock.now())


async def test_a_terms_deadline_and_its_buttons_are_not_touched(
    database: Database, head: Member, queue: dict[str, int], clock: TravelClock
) -> None:
    ends = datetime(2026, 9, 3, tzinfo=clock.now().tzinfo)
    async with database.write() as session:
        record = await session.get(ApplicationRecord, queue["turns three"])
        assert record is not None
        record.status, record.ends_at, version = "awaiting_confirmation", ends, record.version
    await renew(Renewal(database), head, clock)
    async with database.read() as session:
        record = await session.get(ApplicationRecord, queue["turns three"])
        assert record is not None
        assert (record.category, record.version, record.ends_at) == ("aged_3", version, ends)
