"""What is asked every minute reads an index, and no more of it than is due or of today."""

from typing import Any

from sqlalchemy import event

from core.clock import TravelClock
from core.db.engine import Database
from core.watch.figures import figures
from core.watch.values import MINUTE
from core.watch.watchdogs import watchdogs

SMALL = {"SCAN notices USING INDEX ix_notices_listed"}
"""The call list itself."""
GROWS = ("_gateway_gateway_id", "uq_sms_receipts")
"""Indexes whose rows are as old as what is kept."""


async def test_what_runs_every_minute_reads_no_table_from_end_to_end(
    sqlite_url: str, clock: TravelClock
) -> None:
    database = Database(sqlite_url)
    asked: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    for watchdog in watchdogs(["smsc"]):
        if watchdog.every == MINUTE:
            await watchdog.run(database, clock.now())
    await figures(database, clock.now())
    selects = [(s, p) for s, p in asked if s.startswith("SELECT")]
    assert len(selects) > 10
    async with database.engine.connect() as connection:
        for statement, parameters in selects:
            rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            plan = {step for *_, step in rows} - SMALL
            assert not [step for step in plan if step.startswith("SCAN")], statement
            assert not [step for step in plan if any(name in step for name in GROWS)], statement
    await database.close()
