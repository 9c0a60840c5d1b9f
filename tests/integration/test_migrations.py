"""The migrations make the very schema that the code declares, on both databases."""

from collections.abc import AsyncIterator

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

import core.db.migrate
from core.db.engine import Database
from core.db.migrate import FOLDER, configuration, migrate, newest
from core.db.schema import metadata


def _check(connection: Connection) -> None:
    command.check(configuration(connection))


async def test_the_migrations_make_the_declared_schema(
    database: Database,
) -> None:
    await migrate(database)  # the fixture has migrated it: nothing to do
    async with database.engine.execution_options(writes=True).begin() as connection:
        await connection.run_sync(_check)  # raises when a migration is missing
        tables = await connection.run_sync(lambda sync: sync.dialect.get_table_names(sync))
        assert set(tables) == {*metadata.tables, "alembic_version"}
        assert (await connection.execute(text("SELECT count(*) FROM places"))).scalar_one() == 0


def test_the_newest_is_known_by_its_name() -> None:
    """A start that has nothing to migrate does not ask Alembic, which takes a third of a second."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    assert newest() == ScriptDirectory.from_config(config).get_current_head()


async def test_what_a_newer_version_has_migrated_is_left_as_it_is(own_database: Database) -> None:
    """The old version is started again while it is being replaced, or comes back afterwards."""
    ahead = text("UPDATE alembic_version SET version_num = '9999'")
    async with own_database.engine.execution_options(writes=True).begin() as connection:
        await connection.execute(ahead)
    await migrate(own_database)


async def test_a_migration_gives_way_to_whoever_holds_a_table(
    own_postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everybody else would wait behind it; it comes again."""
    monkeypatch.setattr(core.db.migrate, "NOT_FOR_LONG", text("SET LOCAL lock_timeout = '1ms'"))
    monkeypatch.setattr(core.db.migrate, "PAUSE", 0.0)
    db, backup = Database(own_postgresql_url), Database(own_postgresql_url)
    back = text("UPDATE alembic_version SET version_num = '0001'")
    async with db.engine.execution_options(writes=True).begin() as connection:
        await connection.execute(back)
    async with backup.engine.connect() as connection:
        await connection.execute(text("LOCK TABLE notices, chats IN ACCESS SHARE MODE"))
        with pytest.raises(DBAPIError) as given_up:
            await migrate(db)
    assert getattr(given_up.value.orig, "sqlstate", None) == core.db.migrate.LOCKED
    await db.close()
    await backup.close()


@pytest.fixture
async def own_database(sqlite_url: str) -> AsyncIterator[Database]:
    db = Database(sqlite_url)
    yield db
    await db.close()
