"""Commands on the database alone: no Telegram is imported."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.logs import configure
from bot.outside import outside
from bot.settings import Settings
from core.applications.rules import Refused
from core.applications.service import Applications
from core.applications.values import UnknownApplication
from core.calendar.seed import years_to_seed
from core.calendar.service import CalendarBook
from core.clock import Clock, SystemClock, local
from core.db.engine import Database
from core.db.migrate import ONE_BY_ONE, migrate
from core.figures import days, digest
from core.portal.outbox import PortalOutbox
from core.queue import service as queue
from core.retention.service import Kept, Retention
from core.watch.service import Watch
from core.watch.values import Duty
from core.watch.watchdogs import watchdogs
from seed.plant import plant


async def prepare_database(db: Database, clock: Clock) -> None:
    """Newest schema, days off of the years to come, the first night planned."""
    await migrate(db)
    now = clock.now()
    await CalendarBook(db).seed(years_to_seed(local(now).date()))
    async with db.write() as session:
        if not db.is_sqlite:
            await session.execute(ONE_BY_ONE)
        await queue.plan(session, now)
        await days.plan(session, now)
        await digest.plan(session, now)


def retention_of(settings: Settings) -> Retention:
    """What is deleted when."""
    return Retention(
        Kept(
            notices=settings.notice_days,
            sms=settings.sms_days,
            receipts=settings.receipt_days,
            logins=settings.login_days,
            codes=settings.code_days,
            portal_outbox=settings.portal_days,
            portal_events=settings.portal_days,
        )
    )


def watch_of(settings: Settings, db: Database) -> Watch:
    """All that is done in the background, besides the worker's work."""
    return Watch(db, (*watchdogs_of(settings), retention_of(settings).duty))


def watchdogs_of(settings: Settings) -> tuple[Duty, ...]:
    """Those gateways are watched for receipts whose receipts are taken."""
    reporting = [name for name in settings.sms_gateways if settings.receipt_secrets(name)]
    return (*watchdogs(reporting, portal=bool(settings.portal_url)), *outside(settings))


async def migrate_database() -> str:
    """`oryn migrate`."""
    async with open_database() as db:
        return f"The database has the newest schema: {db.engine.dialect.name}."


async def seed_database() -> str:
    """`oryn seed`."""
    async with open_database() as db:
        if await plant(db, SystemClock().now()):
            return "The demo data are in the database."
        return "The database is not empty: nothing was changed."


async def issue_voucher(registration_number: str) -> str:
    """`oryn voucher issue`. SystemExit with what is wrong."""
    async with open_database() as db:
        applications = Applications(db, CalendarBook(db))
        try:
            answer = await applications.issue_voucher(
                registration_number, actor="operator", moment=SystemClock().now()
            )
        except UnknownApplication:
            raise SystemExit(f"No application has the number {registration_number}.") from None
        except Refused as refused:
            raise SystemExit(f"Refused, nothing was changed: {refused.refusal.value}.") from None
    return (
        f"{registration_number}: {answer['status']}. "
        f"To be confirmed until the end of {answer['last_day']}."
    )


async def watch_now() -> tuple[str, bool]:
    """`oryn watch`: what each watchdog finds; whether all is well."""
    clock = SystemClock()
    lines, well = [], True
    async with open_database() as db:
        watch = Watch(db, watchdogs_of(Settings()))
        for duty in watch.duties:
            found = await watch.run(duty, clock.now())
            well = well and not found
            lines.append(f"{duty.name:20} {' '.join(found) if found else 'ok'}")
    return "\n".join(lines), well


async def tell_portal_again() -> str:
    """`oryn portal again`: the worker tells what had been given up."""
    async with open_database() as db:
        number = await PortalOutbox(db).again(SystemClock().now())
    return f"Will be told again: {number}."


async def purge_now() -> str:
    """`oryn purge`: how much of what was deleted."""
    async with open_database() as db:
        deleted = await retention_of(Settings()).purge(db, SystemClock().now())
    return "Deleted: " + ", ".join(f"{number} {name}" for name, number in deleted.items()) + "."


@asynccontextmanager
async def open_database() -> AsyncIterator[Database]:
    """The database of the settings, with the newest schema."""
    settings = Settings()
    configure("WARNING")
    settings.prepare_folder()
    db = Database(settings.database_url, portal_told=bool(settings.portal_url))
    try:
        await prepare_database(db, SystemClock())
        yield db
    finally:
        await db.close()
