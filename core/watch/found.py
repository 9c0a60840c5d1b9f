"""What a duty finds wrong: by id, never by name."""

from typing import Any

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

Found = list[str]
"""What is wrong, by id: "notice:12", "gateway:smsc". Empty: nothing."""
FEW = 21
"""One more than a heartbeat names: nobody reads on after that."""


async def ids(session: AsyncSession, what: str, statement: Select[Any]) -> Found:
    """The first few of those ids, each with what it is the id of."""
    return [f"{what}:{found}" for found in await session.scalars(statement.limit(FEW))]
