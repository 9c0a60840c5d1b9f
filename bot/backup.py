"""`oryn backup`: a copy of the SQLite file, whole and consistent, while the bot runs."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.settings import Settings


def back_up(file: Path) -> str:
    """Copy the database of the settings into a new file that only its owner can read. SystemExit
    when the file is there already, or the database is no SQLite file, or none.

    In one step: others write beside it (WAL), while a copy in several steps would begin anew after
    each write of theirs, and of a large database never come to its end.
    """
    url = make_url(Settings().database_url)
    if url.get_backend_name() != "sqlite":
        raise SystemExit(
            "This is for SQLite. PostgreSQL has its own: "
            f'pg_dump --format=custom --file={file} "$DATABASE_URL"'
        )
    if not url.database or not Path(url.database).exists():
        raise SystemExit(f"There is no database at {url.database}.")
    if file.exists():
        raise SystemExit(f"{file} is there already: nothing was written.")
    unfinished = file.with_name(file.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    with (
        closing(sqlite3.connect(f"file:{url.database}?mode=ro", uri=True)) as there,
        closing(sqlite3.connect(unfinished)) as copy,
    ):
        there.backup(copy)
    unfinished.rename(file)
    return f"The database is in {file}."
