"""`oryn backup`: a copy of the SQLite file, whole and consistent, while the bot runs."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.settings import Settings

PAGES, PAUSE = 1000, 0.01
"""So many pages at a time, with a pause in seconds, in which others write. A page of theirs that
has been copied already is copied again."""


def back_up(file: Path) -> str:
    """Copy the database of the settings into a new file that only its owner can read. SystemExit
    when the file is there already, or the database is no SQLite file, or none."""
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
        there.backup(copy, pages=PAGES, sleep=PAUSE)
    unfinished.rename(file)
    return f"The database is in {file}."
