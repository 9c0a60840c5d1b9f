"""The vouchers' screens of the desk: long lists still fit into a message."""

from datetime import date
from itertools import pairwise

import pytest

from bot.screens.staff import distribution, renewal
from core.named import Named
from core.queue.values import RenewalPlan
from core.vouchers.values import DryRun, Reach, Room, Turn
from locales.texts import LANGUAGES, texts
from seed.categories import CATEGORIES
from tests.unit.bot.samples import NOW, callbacks

LONG = [Named(*(f"{name} {n}" for name in CATEGORIES[2][1:])) for n in range(21)]
"""As many stages as there are in the region, with names as long as they are."""
LIMIT = 4096


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_renewal_between_many_stages_fits_into_a_message(language: str) -> None:
    moves = dict.fromkeys(pairwise(LONG), 7)
    plan = RenewalPlan(1, date(2026, 9, 1), moves, 9)
    text = renewal.dry_run(plan, texts(language))
    assert len(text) < LIMIT
    assert f"<b>{plan.moved}</b>" in text
    assert str(7 * (len(moves) - renewal.SHOWN)) in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_dry_run_over_many_stages_fits_into_a_message(language: str) -> None:
    turns = tuple(
        Turn(n, "kokshetau", stage, f"ОДО.2026.{n}", NOW, "Б", "А", "+7", Reach.CHAT)
        for n, stage in enumerate(LONG)
    )
    text = distribution.dry_run(DryRun(1, "kokshetau", turns), texts(language))
    assert len(text) < LIMIT
    assert all(stage.in_(language) in text for stage in LONG)


def test_no_more_is_offered_than_there_is_room_for() -> None:
    room = Room("kokshetau", free=12, outstanding=3, queued=70)
    screen = distribution.how_many(room, texts("en"), several=False)
    assert [data for data in callbacks(screen).values() if data.startswith("s.vk")] == [
        "s.vk:kokshetau:1",
        "s.vk:kokshetau:5",
        "s.vk:kokshetau:",
    ]
    full = Room("kokshetau", free=2, outstanding=3, queued=70)
    assert full.issuable == 0
    shown = callbacks(distribution.how_many(full, texts("en"), several=False))
    assert not [data for data in shown.values() if data.startswith("s.vk")]


@pytest.mark.parametrize(("done", "signs"), [(0, 0), (25, 6), (49, 11), (50, 12)])
def test_a_bar_is_full_when_all_is_done(done: int, signs: int) -> None:
    assert distribution.bar(done, 50) == "▓" * signs + "░" * (distribution.BAR - signs)
    assert distribution.bar(0, 0) == "▓" * distribution.BAR
