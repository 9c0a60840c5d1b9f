"""The operator's commands, on the database alone."""

import csv
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.__main__ import main
from bot.backup import back_up
from bot.calls import list_calls, mark_call
from bot.maintenance import purge_now, watch_now
from bot.registry import bring_in, write_template
from bot.why import tell_why
from core.applications.service import Applications
from core.applications.tables import ApplicationRecord
from core.calendar.service import CalendarBook
from core.citizens.tables import CitizenRecord
from core.clock import SystemClock, local
from core.db.engine import Database
from core.notices.tables import NoticeRecord
from core.registry.imports import Imports
from core.registry.values import Kind
from tests import factories
from tests.integration.watch.records import notice

NAME = "=HYPERLINK(1)"
"""A name that a spreadsheet must not take for a formula."""


@pytest.fixture
def now(database_url: str, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The commands find this test's database; their time is the machine's."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setattr("bot.maintenance.configure", lambda _: None)
    return SystemClock().now()


@pytest.fixture
async def called(database: Database, now: datetime) -> int:
    """A family on the call list, whose term ends with tomorrow; the notice's id."""
    application_id = await factories.application(database, now)
    async with database.write() as session:
        record = await session.get_one(ApplicationRecord, application_id)
        record.applicant_name = NAME
    return await notice(
        database,
        now - timedelta(hours=1),
        kind="call_confirm",
        channel="call",
        state="sent",
        due_at=None,
        sent_at=now,
        application_id=application_id,
        expires_at=tomorrows_end(now),
    )


def tomorrows_end(now: datetime) -> datetime:
    return local(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)


async def test_the_list_names_whom_to_call_and_until_when(called: int, now: datetime) -> None:
    head, line = (await list_calls(None)).splitlines()
    assert head.split()[:3] == ["ID", "Name", "Phone"]
    last_day = f"{local(now) + timedelta(days=1):%Y-%m-%d}"
    for part in (str(called), NAME, "87750000000", "Child1", "ОДО.2026.1", last_day):
        assert part in line


async def test_excel_opens_the_file(called: int, now: datetime, tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    assert await list_calls(file) == f"1 written to {file}."
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")  # by this Excel knows UTF-8
    (row,) = csv.DictReader(file.read_text("utf-8-sig").splitlines(), delimiter=";")
    assert row["ID"] == str(called)
    assert row["Name"] == f"'{NAME}"
    assert row["Phone"] == "87750000000"


async def test_a_call_is_noted_and_one_that_nobody_answered_stays(
    called: int, now: datetime
) -> None:
    assert "stays" in await mark_call(called, "unreachable", "A")
    assert (await list_calls(None)).splitlines()[1].split()[-1] == "1"
    assert "off the list" in await mark_call(called, "will_confirm", "A")
    assert await list_calls(None) == "Nobody has to be called."
    with pytest.raises(SystemExit, match="nothing was changed"):
        await mark_call(called, "unreachable", "A")


async def test_why_tells_the_life_of_each_notice(database: Database, now: datetime) -> None:
    await factories.application(database, now)
    assert "Nothing" in await tell_why("ОДО.2026.1")
    book = CalendarBook(database)
    await book.seed(range(2024, local(now).year + 3))
    applications = Applications(database, book)
    await applications.issue_voucher("ОДО.2026.1", actor="operator", moment=now)
    async with database.read() as session:
        planned = await session.scalar(select(func.count()).select_from(NoticeRecord))
    assert len((await tell_why("ОДО.2026.1")).splitlines()) == planned
    with pytest.raises(SystemExit, match="No application"):
        await tell_why("ОДО.0")


async def test_watch_tells_what_is_ill(database: Database, now: datetime) -> None:
    told, well = await watch_now()
    assert well
    assert "outbox_age           ok" in told
    late = await notice(database, now - timedelta(hours=1), lane=0)
    told, well = await watch_now()
    assert not well
    assert f"outbox_age           notice:{late}" in told


async def test_purge_says_how_much(database: Database, now: datetime) -> None:
    await notice(database, now - timedelta(days=366), state="seen", due_at=None)
    assert "1 notices" in await purge_now()
    assert "0 notices" in await purge_now()


def test_a_watchdog_that_is_ill_fails_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def ill() -> tuple[str, bool]:
        return "outbox_age  notice:7", False

    monkeypatch.setattr("bot.maintenance.watch_now", ill)
    with pytest.raises(SystemExit) as ended:
        main(["watch"])
    assert ended.value.code == 1
    assert "notice:7" in capsys.readouterr().out


def test_none_of_them_starts_telegram() -> None:
    script = "import bot.calls, bot.why, bot.maintenance, sys; sys.exit('aiogram' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


async def test_a_register_is_brought_in_from_the_command_line(
    database: Database, now: datetime, tmp_path: Path
) -> None:
    """Nothing without --apply; what is refused stays out, and is written into a file to mend."""
    file, refused = tmp_path / "a.csv", tmp_path / "refused.xlsx"
    iins = [factories.iin(1), "1"]
    rows = [f"{iin};+77750000001;Ахметова Айгүл;17.05.1990" for iin in iins]
    file.write_text("\n".join(["ЖСН;Телефон;Аты-жөні;Туған күні", *rows]), encoding="utf-8")

    async def citizens() -> int:
        async with database.read() as session:
            return await session.scalar(select(func.count()).select_from(CitizenRecord)) or 0

    told = await bring_in(file, None, apply=False, refused=refused)
    assert "citizens: 1 new, 0 changed, 0 unchanged, 1 refused" in told
    assert refused.read_bytes().startswith(b"PK")
    assert await citizens() == 0
    assert "Brought in: 1." in await bring_in(file, "citizens", apply=True, refused=None)
    assert await citizens() == 1
    assert "Nothing was changed" in await bring_in(file, "citizens", apply=True, refused=None)
    with pytest.raises(SystemExit, match="holds citizens"):
        await bring_in(file, "places", apply=True, refused=None)
    with pytest.raises(SystemExit, match="There is no file"):
        await bring_in(tmp_path / "b.csv", None, apply=True, refused=None)
    template = tmp_path / "template.xlsx"
    await write_template("places", template, "kk")
    with pytest.raises(SystemExit, match="no rows"):
        await bring_in(template, "places", apply=True, refused=None)


async def test_a_file_that_another_one_has_replaced_is_said_so(
    database: Database, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Imports.stage

    async def overtaken(self: Imports, import_id: int, kind: Kind, given: Any) -> None:
        await self.begin(None, kind, now)
        await stage(self, import_id, kind, given)

    monkeypatch.setattr(Imports, "stage", overtaken)
    file = tmp_path / "a.csv"
    row = f"{factories.iin(1)};+77750000001;Ахметова Айгүл;17.05.1990"
    file.write_text(f"ЖСН;Телефон;Аты-жөні;Туған күні\n{row}\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="Another file has come"):
        await bring_in(file, None, apply=True, refused=None)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_copy_made_while_somebody_writes_is_whole(
    database: Database, now: datetime, tmp_path: Path
) -> None:
    await factories.application(database, now)
    copied = tmp_path / "copy.sqlite3"
    async with database.write() as session:
        assert str(copied) in back_up(copied)
        await session.rollback()
    copy = Database(f"sqlite:///{copied}")
    async with copy.read() as session:
        assert await session.scalar(select(func.count()).select_from(ApplicationRecord)) == 1
    await copy.close()
    assert copied.stat().st_mode & 0o077 == 0
    with pytest.raises(SystemExit, match="already"):
        back_up(copied)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_copy_comes_to_its_end_however_often_somebody_writes(
    database: Database, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is written between two steps of SQLite's own copying makes it begin again."""
    there = str(database.engine.url.database)
    connect = sqlite3.connect
    steps: list[int] = []

    def write(_: int, remaining: int, __: int) -> None:
        steps.append(remaining)
        assert len(steps) < 10, "it begins again and again"
        with closing(connect(there)) as somebody, somebody:
            somebody.execute("UPDATE applications SET version = version + 1")

    class Written(sqlite3.Connection):
        def backup(self, *to: Any, **how: Any) -> None:
            super().backup(*to, progress=write, **how)

    await factories.application(database, now)
    with closing(connect(there)) as somebody, somebody:  # two thousand pages
        somebody.execute("CREATE TABLE ballast AS SELECT zeroblob(8000000) AS lead")
    monkeypatch.setattr("bot.backup.sqlite3.connect", partial(connect, factory=Written))
    back_up(tmp_path / "copy")
    assert steps[-1] == 0


def test_postgresql_is_copied_by_its_own_means(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://oryn@/oryn")
    with pytest.raises(SystemExit, match="pg_dump"):
        back_up(tmp_path / "copy")
