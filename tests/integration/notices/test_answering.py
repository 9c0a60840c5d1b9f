"""Answering at any moment cancels exactly what would have followed, and closes what has gone out.

Not-yet-sent is what the worker has not handed out, whatever the rows say of it.
"""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy.engine import make_url

from core.applications.rules import Event
from core.clock import TravelClock
from core.db.engine import Database
from core.notices.tables import NoticeRecord
from tests import factories
from tests.apart import run_apart
from tests.conftest import MORNING
from tests.integration.notices.post import Handed, Post, moment, open_post

NewDatabase = Callable[[], AbstractContextManager[str]]
FORGOTTEN = ("id", "key", "created_at", "token", "iin", "details")


@dataclass(frozen=True)
class Answer:
    """An act of the first family, and the moments between which its term lets it happen.
    `ends_stay`: the stay's notices are cancelled too."""

    act: Event
    first: str
    last: str
    ends_stay: bool = False


CONFIRMING = ("07.04 11:30", "09.04 23:59")
CHOOSING = ("07.04 11:35", "14.04 23:59")
ANSWERS = (
    Answer(Event.CONFIRM_INTEREST, *CONFIRMING),
    Answer(Event.REFUSE_VOUCHER, *CONFIRMING),
    Answer(Event.REMOVE_FROM_QUEUE, *CONFIRMING),
    Answer(Event.RESTORE, "10.04 00:01", "08.05 23:59"),
    Answer(Event.TAKE_PLACE, *CHOOSING),
    Answer(Event.TAKE_TEMPORARY_PLACE, *CHOOSING),
    Answer(Event.REMOVE_FROM_QUEUE, *CHOOSING),
    Answer(Event.TAKE_PLACE, *CHOOSING, ends_stay=True),
)
HOURS = ("08:00", "09:00", "18:00", "20:00", "21:00", "00:00")


@st.composite
def moments(draw: st.DrawFn) -> tuple[Answer, datetime, bool]:
    """An answer, when it is given (often just around something that falls due), and whether a
    notice is on its way at that moment."""
    answer = draw(st.sampled_from(ANSWERS))
    first, last = moment(answer.first), moment(answer.last)
    if draw(st.booleans()):
        at = first + (last - first) * draw(st.floats(0, 1))
    else:
        day = first + timedelta(days=draw(st.integers(0, (last - first).days)))
        hour = moment(f"{day:%d.%m} {draw(st.sampled_from(HOURS))}")
        at = hour + timedelta(seconds=draw(st.sampled_from((-1, 0, 1))))
    return answer, min(max(at.replace(microsecond=0), first), last), draw(st.booleans())


@pytest.fixture
def new_database(database_url: str, tmp_path: Path) -> NewDatabase:
    """Copies of an empty database with all tables."""
    numbers = count(1)

    @contextmanager
    def copied() -> Iterator[str]:
        url, number = make_url(database_url), next(numbers)
        assert url.database is not None
        if url.get_backend_name() == "sqlite":
            file = tmp_path / f"{number}.sqlite3"
            shutil.copyfile(url.database, file)
            yield f"sqlite:///{file}"
            file.unlink()
            return
        name = f"{url.database}_{number}"
        run_apart(_administer(database_url, f"CREATE DATABASE {name} TEMPLATE {url.database}"))
        yield url.set(database=name).render_as_string(hide_password=False)
        run_apart(_administer(database_url, f"DROP DATABASE {name} WITH (FORCE)"))

    return copied


async def _administer(url: str, statement: str) -> None:
    server = make_url(url).set(database="postgres").render_as_string(hide_password=False)
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def test_answering_at_any_moment_cancels_exactly_what_follows(new_database: NewDatabase) -> None:
    """The same few moments every time."""
    answer_at_moments(new_database, examples=3, short=True)


@pytest.mark.soak
def test_answering_at_any_moment_for_long(new_database: NewDatabase) -> None:
    answer_at_moments(new_database, examples=300, short=False)


def answer_at_moments(new_database: NewDatabase, *, examples: int, short: bool) -> None:
    """`short`: the same moments every time, and a failing one is not made simpler."""

    @settings(
        max_examples=examples,
        derandomize=short,
        phases=(Phase.generate, *(() if short else (Phase.shrink,))),
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(moments())
    def example(drawn: tuple[Answer, datetime, bool]) -> None:
        answer, at, in_flight = drawn
        note(f"{answer.act} at {at:%d.%m %H:%M:%S}, in flight: {in_flight}")
        with new_database() as url:
            asyncio.run(play(url, answer, at, in_flight))

    example()


async def play(url: str, answer: Answer, at: datetime, in_flight: bool) -> None:
    database = Database(url)
    try:
        clock = TravelClock(MORNING, running=False)
        post = await open_post(await factories.desk(database, clock))
        place = await set_out(post, answer)
        await _answer(post, answer, at, in_flight, place)
    finally:
        await database.close()


async def set_out(post: Post, answer: Answer) -> int | None:
    """Bring the first child to where that answer is possible. Beside it: a brother with a voucher,
    and another family with another. The place that the answer takes, if any."""
    child = await post.family(1)
    await post.family(2, applicant=1)
    await post.family(3)
    permanent = await factories.place(post.desk.db)
    temporary = await factories.place(
        post.desk.db, mode="temporary", until=date(2026, 4, 30), free=2, name="«Арман»"
    )
    for number in (1, 2, 3):
        await post.voucher(number)
    if answer.first != CHOOSING[0]:
        return None
    parent = post.people[1]
    await post.desk.act(child, parent, Event.CONFIRM_INTEREST)
    if answer.ends_stay:
        await post.desk.act(child, parent, Event.TAKE_TEMPORARY_PLACE, place_id=temporary)
        await post.voucher(1)
        await post.desk.act(child, parent, Event.CONFIRM_INTEREST)
    return temporary if answer.act is Event.TAKE_TEMPORARY_PLACE else permanent


async def _answer(
    post: Post, answer: Answer, at: datetime, in_flight: bool, place: int | None
) -> None:
    if at > post.now:
        await post.travel(at - timedelta(seconds=1))
        post.desk.clock.move(at)
    claimed = await post.claim() if in_flight else []
    if not in_flight:
        await post.work()
    before = {row.key: row for row in await post.rows()}
    series = await running(post, answer)
    facts = {} if place is None or answer.act is Event.REMOVE_FROM_QUEUE else {"place_id": place}
    await post.desk.act(1, post.people[1], answer.act, **facts)
    after = {row.key: row for row in await post.rows()}

    gone_out = {handed.id for handed in post.out} | {notice.id for notice in claimed}
    for key, row in before.items():
        now = after[key]
        if row.series not in series:
            assert kept(now) == kept(row), f"not theirs: {key}"
        elif row.id not in gone_out:
            waiting = row.state == "pending" or (row.channel, row.state) == ("call", "sent")
            if waiting:
                assert (now.state, now.because, now.due_at) == ("cancelled", "answered", None)
            else:
                assert kept(now) == kept(row), f"it had ended before: {key}"
        else:
            assert now.state == row.state, f"it has gone out: {key}"

    for notice in claimed:
        outcome = await post.hand_on(notice)
        await post.notices.record([(notice, outcome)], post.now)
    theirs = {row.id for row in before.values() if row.series in series}
    sent = [h for h in post.out if h.id in theirs and not h.closing]
    post.out.clear()
    await post.travel(max(moment("16.04 12:00"), at + timedelta(days=3)))
    later = [handed for handed in post.out if handed.id in theirs]
    assert [h for h in later if not h.closing] == [], "told of what has been answered"
    assert sorted(h.id for h in later) == sorted(h.id for h in sent if _in_a_chat(h))
    if answer.first == CONFIRMING[0]:
        await the_others_are_told_all(post)


async def running(post: Post, answer: Answer) -> set[str]:
    """The series that the answer ends."""
    [card] = [c for c in await post.applications.journal(post.people[1], post.now) if c.id == 1]
    return {f"application:1:{card.version}", *(["stay:1"] if answer.ends_stay else [])}


async def the_others_are_told_all(post: Post) -> None:
    """The brother's and the other family's term has gone on to its end."""
    for child in (2, 3):
        rows = await post.rows(application_id=child, series=f"application:{child}:2")
        assert [row.kind for row in rows if row.sent_at] == [
            "voucher_issued",
            "reminder",
            "voucher_issued",
            "call_confirm",
            "last_day",
            "last_evening",
        ]


def kept(row: NoticeRecord) -> dict[str, Any]:
    columns = NoticeRecord.__table__.columns.keys()
    return {name: getattr(row, name) for name in columns if name not in FORGOTTEN}


def _in_a_chat(handed: Handed) -> bool:
    return handed.channel.value == "telegram"
