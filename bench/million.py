"""Ten thousand families and a million: what is asked all day, at both sizes."""

import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from bench.contest import Aim, Contest, Side
from bench.country.filling import fill
from bench.country.looks import LOOKS, Country
from bench.open_vouchers import NAMES, new_databases

FEW, MANY = 10_000, 1_000_000
LEAST = 3_000
"""With fewer families some of the looks would find nobody."""
TIMES = 5
"""Looks of each kind in one measurement, of which the middle one counts."""


def contest(share: float = 1.0, kind: str = "postgresql") -> Contest:
    """All of `LOOKS`; rows 12 and on, of which nothing is asked but that they be told."""
    few, many = max(LEAST, round(FEW * share)), max(LEAST, round(MANY * share))
    return Contest(
        name="million" if kind == "postgresql" else f"million_{kind}",
        title=f"{many:,} families and {few:,}, on {NAMES[kind]}",
        figures=dict.fromkeys(LOOKS, "ms"),
        sides=partial(_sides, kind, {"few": few, "many": many}),
        aims=[Aim(12, title, name, "many", "few") for name, title in LOOKS.items()],
    )


@asynccontextmanager
async def _sides(kind: str, sizes: Mapping[str, int]) -> AsyncIterator[Sequence[Side]]:
    async with AsyncExitStack() as stack:
        new = await stack.enter_async_context(new_databases())
        sides = []
        for name, size in sizes.items():
            db = await stack.enter_async_context(new(kind))
            await fill(db, size)
            country = Country(db, size)
            sides.append(Side(name, f"{size:,} families", partial(_look, country)))
        yield sides


async def _look(country: Country) -> Mapping[str, float]:
    return {name: await _middle(getattr(country, name)) for name in LOOKS}


async def _middle(look: Callable[[], Awaitable[None]]) -> float:
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        await look()
        took.append(1000 * (time.perf_counter() - began))
    return statistics.median(took)
