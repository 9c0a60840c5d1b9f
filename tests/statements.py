"""Compiled statements, kept from one test to the next.

The product compiles each statement once, for its one database. Tests open a new database each, and
would compile all of them anew: a fifth of their time.
"""

from functools import partial
from typing import Any

import pytest
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.ext.asyncio import create_async_engine


def keep_compiled(patch: pytest.MonkeyPatch) -> None:
    """From now on databases of a kind have one dialect, as far as their statements can tell, and
    one cache."""
    for dialect in (SQLiteDialect_aiosqlite, PGDialect_asyncpg):
        patch.setattr(dialect, "__eq__", _same_kind)
        patch.setattr(dialect, "__hash__", _kind)
    kept: dict[Any, Any] = {}
    with_cache = partial(create_async_engine, execution_options={"compiled_cache": kept})
    patch.setattr("core.db.engine.create_async_engine", with_cache)


def _same_kind(one: object, other: object) -> bool:
    return type(one) is type(other)


def _kind(one: object) -> int:
    return hash(type(one))
