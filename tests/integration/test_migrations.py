"""The migrations make the very schema that the code declares, on both databases."""

from alembic import command
from sqlalchemy import Connection, text

from core.db.engine import Database
from core.db.migrate import configuration, migrate
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
