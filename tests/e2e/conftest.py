"""A whole house at a desk: the bot, its database and the desk, over real HTTP on loopback."""

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import delete, update
from sqlalchemy.engine import make_url

from core.applications.tables import ApplicationRecord
from core.clock import TravelClock
from core.db.engine import Database
from core.notices.tables import NoticeRecord
from core.retention.service import Kept, Retention
from core.watch.service import Watch
from core.watch.watchdogs import watchdogs
from demo import build_app, tcp_socket
from seed.people import PEOPLE, START
from seed.plant import plant
from tests.apart import run_apart
from tests.conftest import TEMPLATE, postgresql_copy
from tests.e2e.player import Desk
from tests.serving import serving


@asynccontextmanager
async def serve(folder: Path, database_url: str, clock: TravelClock) -> AsyncIterator[Desk]:
    """`oryn demo` in this process: its server, with a clock that stands still."""
    with tcp_socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(100)
        base = f"http://127.0.0.1:{door.getsockname()[1]}"
        app = build_app(base, folder, clock, database_url)
        async with (
            serving(app, door),
            aiohttp.ClientSession(base, timeout=aiohttp.ClientTimeout(60)) as http,
        ):
            try:
                await http.post("/sim/clock", json={"advance": "PT0S"})
                yield Desk(http, base, app)
            finally:  # aiogram waits a quarter of a second after it has closed it itself
                await (await app.state.house.bot.session.create_session()).close()
                app.state.close_desk()


@pytest.fixture(scope="session")
def planted_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the demo data, planted once."""
    file = tmp_path_factory.mktemp("planted") / "orynbot.sqlite3"
    shutil.copyfile(sqlite_template, file)
    run_apart(_plant(f"sqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def planted_postgresql(postgresql: str) -> Iterator[str]:
    """The name of a PostgreSQL database with the demo data, planted once."""
    with postgresql_copy(postgresql, TEMPLATE) as url:
        run_apart(_plant(url))
        yield make_url(url).database or ""


async def _plant(url: str) -> None:
    db = Database(url)
    await plant(db, START)
    async with db.write() as session:
        # the invented families stand still: their terms would cost each test some seconds
        ours = [person.iin for person in PEOPLE]
        theirs = ApplicationRecord.applicant_iin.not_in(ours)
        await session.execute(update(ApplicationRecord).where(theirs).values(next_event_at=None))
        await session.execute(delete(NoticeRecord).where(NoticeRecord.iin.not_in(ours)))
    # or each test would begin with all the watchdogs looking through the data
    await Watch(db, [*watchdogs(()), Retention(Kept()).duty]).run_due(START)
    await db.close()


@pytest.fixture
def sqlite_url(planted_file: Path, tmp_path: Path) -> str:
    """An SQLite database of this test's own, with the demo data."""
    return f"sqlite:///{shutil.copyfile(planted_file, tmp_path / 'orynbot.db')}"


@pytest.fixture
def postgresql_url(postgresql: str, planted_postgresql: str) -> Iterator[str]:
    """A PostgreSQL database of this test's own, with the demo data."""
    with postgresql_copy(postgresql, planted_postgresql) as url:
        yield url


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk with the demo data, at 07.04.2026 11:30; once on each database."""
    folder = tmp_path / "desk"
    folder.mkdir()
    async with serve(folder, database_url, TravelClock(START, running=False)) as desk:
        yield desk
