"""Each side of each contest does its work once, in a very small size."""

from functools import partial

import pytest

from bench import callback, issuing, million, places, ready, routing, sending, sweeping, transaction
from bench.contest import Contest, run
from bench.registry import ASIDE, CONTESTS
from bench.verdicts import judge


async def once(contest: Contest) -> None:
    found = await run(contest, 1, lambda doing: None)
    for side in found:
        assert set(contest.figures) <= set(side.values), side.name
    for aim in contest.aims:
        judge(aim, found)


async def test_taps_are_routed() -> None:
    await once(routing.contest(share=0.005))


@pytest.mark.soak
@pytest.mark.parametrize(
    "contest",
    [
        transaction.contest,
        partial(callback.contest, peers=False),
        partial(sending.pace, peers=False),
        sending.flood,
        sweeping.idle,
        sweeping.due,
        ready.contest,
        places.contest,
        issuing.contest,
        million.contest,
        partial(million.contest, kind="sqlite"),
    ],
)
async def test_the_others_are_measured(contest: type[Contest]) -> None:
    await once(contest(share=0.01))  # type: ignore[call-arg]


def test_every_contest_has_a_name_and_its_aims_have_sides_and_figures() -> None:
    for name, make in (CONTESTS | ASIDE).items():
        contest = make()
        assert contest.name == name
        assert all(aim.figure in contest.figures for aim in contest.aims)
