"""However many families there are: what is asked all day finds its rows by index, on both
databases, and the country that measurements fill in is in no state that must not be."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text

from bench.country.filling import fill
from bench.country.looks import LOOKS, Country
from bot.maintenance import prepare_database
from core.applications import tables as applications
from core.applications.rules import MISSED, WAITING, Status
from core.db.engine import Database
from core.watch.impossible import impossible_states
from seed.categories import categories, privileges
from tests.asked import asked

SIZE = 3_000
COUNTS = {"broadcast_progress", "audience"}
"""They count what there is, and may go through it."""
ASKED = [name for name in LOOKS if name not in {"retention", "nightly"}]
BY = {
    "audience": {"ix_applications_applicant"},
    "impossible": {
        "ix_applications_impossible",
        "ix_applications_without_deadline",
        "ix_notices_impossible",
    },
    "night_part": {"ix_applications_waiting", "ix_queue_numbers_newest"},
    "stats_district": {"ix_applications_counted", "ix_notices_news", "ix_notices_texted"},
    "stats_region": {"ix_applications_counted", "ix_notices_news"},
}
"""The indexes without which a look grows with what it does not need."""
LARGE = (
    "applications|notices|application_history|signing_requests|name_words|chats|persons|codes"
    "|sms_messages|sms_receipts|portal_outbox|portal_events|queue_numbers|signatures|login_attempts"
    "|audit_log"
)
EXPLAINED = ("SELECT", "UPDATE", "INSERT INTO queue_numbers")
SMALL = (
    "ix_applications_impossible|ix_applications_without_deadline|ix_notices_impossible"
    "|ix_notices_listed|uq_signing_requests_open"
)
"""Of what must not be, of the call list, of open acts: these indexes may be gone through."""
SCANNED = re.compile(
    rf"(Seq Scan on|SCAN) ({LARGE})\b(?!.* ({SMALL}))|SEARCH ({LARGE}|temporary_stays)$"
)
"""SQLite searches by no index what it only takes the least of: it reads all."""


@pytest.fixture(params=["sqlite", "own_postgresql"])
async def country(request: pytest.FixtureRequest) -> AsyncIterator[Country]:
    database = Database(request.getfixturevalue(f"{request.param}_url"))
    filled = Country(database, SIZE)
    await prepare_database(database, filled.clock)
    async with database.write() as session:
        session.add_all([*categories(), *privileges()])
    await fill(database, SIZE)
    yield filled
    await database.close()


async def test_what_is_asked_all_day_reads_no_large_table_from_end_to_end(
    country: Country,
) -> None:
    assert await impossible_states(country.db, country.clock.now()) == []  # it is as if lived
    statements: list[tuple[str, str, Any]] = []
    for look in ASKED:
        with asked(country.db) as seen:
            await getattr(country, look)()
        statements += [(look, *one) for one in seen if one[0].startswith(EXPLAINED)]
    explain = "EXPLAIN QUERY PLAN " if country.db.is_sqlite else "EXPLAIN "
    async with country.db.engine.connect() as connection:
        if not country.db.is_sqlite:  # of so few rows it would rather read all
            await connection.execute(text("SET enable_seqscan = off"))
        told = []
        for look, statement, parameters in statements:
            plan = await connection.exec_driver_sql(explain + statement, parameters)
            told += [(look, " ".join(map(str, row)).strip()) for row in plan]
    assert {look for look, _, _ in statements} == {*ASKED}
    scanned = {(look, line) for look, line in told if SCANNED.search(line) and look not in COUNTS}
    assert scanned == set()
    for look, indexes in BY.items():
        lines = "\n".join(line for of, line in told if of == look)
        assert {index for index in indexes if index not in lines} == set(), look
    of_status = [1 for of, line in told if of == "impossible" and "ix_applications_counted" in line]
    assert len(of_status) == 1, "only those in a term are looked through"
    covering = [line for look, line in told if look in {"audience", "stats_region"}]
    for index in ("ix_applications_applicant", "ix_applications_counted"):  # never the rows
        assert all(re.search(r"(?i)(covering|only)", line) for line in covering if index in line)


def test_conditions_of_indexes_say_what_the_rules_say() -> None:
    assert {*re.findall(r"'(\w+)'", applications.WAITS)} == {*WAITING}
    known, in_a_term, *_ = re.findall(r"IN \(([^)]+)\)", applications.IMPOSSIBLE)
    assert {*re.findall(r"\w+", known)} == {*Status}
    assert {*re.findall(r"\w+", in_a_term)} == {*MISSED}
