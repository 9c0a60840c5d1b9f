"""Two web and two worker processes on one PostgreSQL; one of each is killed while parents tap: no
tap is lost, no place is sold twice, and every family is told."""

import sys

import pytest

from bench import crash
from tests.delivery import worker

# one server forks for all of this folder
worker.FORKS.set_forkserver_preload(["tests.delivery.worker", "bench.crash_processes"])


def hold(course: crash.Course, parents: int) -> None:
    """The promises, and that there was something to hold."""
    again = sum(tap.brought - 1 for tap in course.taps)
    sys.stderr.write(f"\n{len(course.taps)} taps, {again} brought again, {course.doubled} twice\n")
    assert course.killed_at > 0
    assert len(course.taps) == parents
    assert course.lost == 0
    assert course.oversold == 0
    assert 0 < course.held <= course.capacity
    assert course.untold == 0


async def test_one_of_each_is_killed_and_nothing_is_lost(own_postgresql_url: str) -> None:
    course = await crash.play(
        own_postgresql_url, parents=16, places=4, free=3, seconds=1, seed=3, lease=3
    )
    hold(course, 16)


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_two_thousand_parents(own_postgresql_url: str, seed: int) -> None:
    course = await crash.play(
        own_postgresql_url, parents=2000, places=50, free=20, seconds=40, seed=seed
    )
    hold(course, 2000)
