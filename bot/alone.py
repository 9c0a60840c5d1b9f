"""One process for one SQLite file: a lock that lives as long as whoever holds it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url


class Taken(Exception):
    """Another process works on that SQLite file. Its text is for the operator."""


@contextmanager
def alone(database_url: str) -> Iterator[None]:
    """Keep every other process from serving or working on that SQLite file meanwhile; the kernel
    ends it with the process, however that ends. PostgreSQL is shared. Raises Taken."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        yield
        return
    path = Path(str(url.database))
    with path.with_name(path.name + "-process").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Taken(
                f"Another process already serves or works on {path}. One SQLite file bears one"
                " process, which does everything: `oryn run`. For several, set DATABASE_URL to"
                " PostgreSQL."
            ) from None
        yield
