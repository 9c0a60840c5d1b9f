"""The house never differs from the rules, whatever parents, portal, clock and Telegram do.

Steps at random against the real bot, database and desk; after each, all is compared with a model
of R6-R18, D1-D11, D13 and D18 that shares nothing with the house.
"""

import asyncio

import pytest
from hypothesis import HealthCheck, Phase, example, given, note, settings
from hypothesis import strategies as st

from core.clock import TravelClock
from seed.people import START
from tests.model.comparing import Comparing
from tests.model.conftest import NewWorld
from tests.model.game import Game
from tests.model.house import RealHouse
from tests.model.people import new_world
from tests.model.roads import OVER_MIDNIGHT, ROAD, TAKEN_BACK
from tests.model.steps import (
    Again,
    Around,
    DeadGateway,
    Enter,
    GoOn,
    LastMinute,
    Press,
    Race,
    Restart,
    Step,
    Tap,
    Voucher,
    Wait,
    WaitUntil,
    Withdraw,
    Write,
)

CHILD = st.integers(0, 3)
PARENT = st.integers(0, 2)
PLACE = st.sampled_from((1, 3, 2, 4, 5))
OLDER = st.sampled_from((0, 0, 0, 0, 0, 0, 1, 2))
MESSAGE = st.integers(0, 9)
TWICE = st.booleans()
GUESS = st.sampled_from(("newest", "newest", "newest", "wrong", "older"))
SECONDS = st.sampled_from((61, 30, 90, 299, 3600, 4 * 3600, 86_400, 3 * 86_400))
OFFSET = st.sampled_from((-1, 0, 1, -61, 61))
TEXT = st.sampled_from(("/menu", "/cancel", "/start", "сәлем", "12 34"))

STEPS: tuple[tuple[int, st.SearchStrategy[Step]], ...] = (
    (1, st.builds(Step)),
    (12, st.builds(GoOn, child=CHILD, place=PLACE)),
    (1, st.builds(Voucher, child=CHILD, again=TWICE)),
    (2, st.builds(Withdraw, child=CHILD, older=OLDER)),
    (
        9,
        st.builds(
            Press,
            child=CHILD,
            act=st.integers(0, 9),
            place=PLACE,
            older=OLDER,
            message=MESSAGE,
            stranger=st.sampled_from((False,) * 7 + (True,)),
            twice=TWICE,
        ),
    ),
    (9, st.builds(Enter, parent=PARENT, guessed=GUESS, twice=TWICE)),
    (3, st.builds(Tap, parent=PARENT, number=st.integers(0, 99), twice=TWICE)),
    (
        3,
        st.builds(
            Around,
            parent=PARENT,
            prefix=st.sampled_from(("code", "drop")),
            older=OLDER,
            twice=TWICE,
        ),
    ),
    (2, st.builds(Write, parent=PARENT, text=TEXT, twice=TWICE)),
    (3, st.builds(Wait, seconds=SECONDS)),
    (6, st.builds(WaitUntil, number=st.sampled_from((0, 0, 0, 1, 1, 2)), offset=OFFSET)),
    (3, st.builds(LastMinute, child=CHILD, place=PLACE, seconds=st.sampled_from((1, 62, 200)))),
    (1, st.builds(Restart, seconds=st.sampled_from((0, 120, 600, 86_400, 5 * 86_400)))),
    (2, st.builds(Again, parent=PARENT)),
    (2, st.builds(Race, place=st.sampled_from((1, 3)))),
    (1, st.builds(DeadGateway, times=st.integers(0, 3))),
)
"""What happens next, and how often."""
WEIGHED = [number for number, (weight, _) in enumerate(STEPS) for _ in range(weight)]


@st.composite
def next_step(draw: st.DrawFn) -> Step:
    return draw(STEPS[draw(st.sampled_from(WEIGHED))][1])


def test_house_and_rules_agree(new_house: NewWorld) -> None:
    """A few walks, the same every time."""
    wander(new_house, walks=1, length=40, short=True)


@pytest.mark.soak
def test_house_and_rules_agree_for_long(new_house: NewWorld) -> None:
    """Many long walks, other ones every time; a difference is shown in its shortest form."""
    wander(new_house, walks=60, length=100, short=False)


def wander(new_house: NewWorld, *, walks: int, length: int, short: bool) -> None:
    """Random walks of that many steps; `short`: the same every time, and not made shorter."""

    @settings(
        max_examples=walks,
        derandomize=short,
        phases=(Phase.explicit, Phase.generate, *(() if short else (Phase.shrink,))),
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    @example(ROAD)
    @example(TAKEN_BACK)
    @example(OVER_MIDNIGHT)
    @given(st.lists(next_step(), min_size=length, max_size=length))
    def walk(steps: list[Step]) -> None:
        asyncio.run(play(steps, new_house))

    walk()


async def play(steps: list[Step], new_house: NewWorld) -> None:
    """Take the steps, and compare after each."""
    with new_house() as (folder, database_url):
        house = RealHouse(folder, database_url, TravelClock(START, running=False))
        await house.open()
        try:
            world = new_world()
            comparing = Comparing(house, world)
            game = Game(house, world)
            for parent in world.parents:
                await game.write(parent, "/menu")
            await comparing.after(nobody_acted=False)
            for step in steps:
                if type(step) is not Step:
                    note(f"{world.now:%d.%m %H:%M:%S} {step}")
                    await step.take(game)
                    await comparing.after(nobody_acted=step.quiet)
        finally:
            await house.close()
