"""A contest: what is measured, side by side with its yardstick, in one run."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

REPEATS = 5


@dataclass(frozen=True)
class Side:
    """One of those that are compared. `measure` does the work once and tells its figures, each
    under the name that the contest gives it."""

    name: str
    title: str
    measure: Callable[[], Awaitable[Mapping[str, float]]]


@dataclass(frozen=True)
class Aim:
    """One line of the table of aims: the figure of `side`, divided by the same figure of `against`
    in the same round; the figure itself where there is no `against`.

    `must` and `aim`: what it has to reach, and what it tries to. At least that where `higher`, at
    most that otherwise. None: nothing is asked.
    """

    row: int
    title: str
    figure: str
    side: str
    against: str | None = None
    must: float | None = None
    aim: float | None = None
    higher: bool = False


@dataclass(frozen=True)
class Contest:
    """`figures`: name -> unit of what each side tells. `sides` starts what the sides need and ends
    it. `together`: the sides only wait, so that they can be measured at the same time."""

    name: str
    title: str
    figures: Mapping[str, str]
    sides: Callable[[], AbstractAsyncContextManager[Sequence[Side]]]
    aims: Sequence[Aim]
    together: bool = False


@dataclass(frozen=True)
class Measured:
    """A side with its figures: name -> one value for each round."""

    name: str
    title: str
    values: Mapping[str, Sequence[float]]


Progress = Callable[[str], None]
"""Told what is being done, in a few words."""


async def run(contest: Contest, repeats: int, progress: Progress) -> list[Measured]:
    """Measure all sides in each round, every other round backwards: whatever else the machine does
    meanwhile falls upon all of them."""
    progress("starting")
    async with contest.sides() as sides:
        found: dict[str, list[Mapping[str, float]]] = {side.name: [] for side in sides}
        for number in range(repeats):
            for group in _groups(contest, sides, number):
                names = ", ".join(side.title for side in group)
                progress(f"round {number + 1} of {repeats}: {names}")
                measured = await asyncio.gather(*(side.measure() for side in group))
                for side, figures in zip(group, measured, strict=True):
                    found[side.name].append(figures)
    return [Measured(side.name, side.title, _by_figure(found[side.name])) for side in sides]


def _groups(contest: Contest, sides: Sequence[Side], number: int) -> list[list[Side]]:
    """What is measured at the same time, in the order of that round."""
    if contest.together:
        return [list(sides)]
    return [[side] for side in (reversed(sides) if number % 2 else sides)]


def _by_figure(rounds: Sequence[Mapping[str, float]]) -> dict[str, list[float]]:
    return {figure: [told[figure] for told in rounds] for figure in rounds[0]}
