"""The portal hears of what parents do, over real HTTP, whatever happens on the way."""

from typing import Any

import pytest

from core.portal.outbox import PortalOutbox
from tests.e2e.player import Desk, Player
from tests.e2e.watching import house_of
from tests.e2e.ways import confirm, enter, take

AINUR = 1001


@pytest.fixture(params=["sqlite"])
def database_url(request: pytest.FixtureRequest) -> str:
    """One database is enough: the outbox itself is tested on both."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def player(desk: Desk) -> Player:
    """A parent with a voucher, who has not confirmed yet."""
    player = desk.player(AINUR)
    await enter(player)
    await desk.voucher()
    return player


async def told(desk: Desk) -> list[dict[str, Any]]:
    """What the portal has heard of that parent's application, in the order in which it came."""
    heard: list[dict[str, Any]] = await desk.get("/sim/portal")
    return [one for one in heard if one["data"]["registration_number"] == "ОДО.2026.248"]


def events(heard: list[dict[str, Any]]) -> list[str]:
    return [one["data"]["event"] for one in heard]


async def test_what_a_parent_does_is_told_as_it_happens(desk: Desk, player: Player) -> None:
    """Not the voucher, which the portal has issued itself."""
    assert await told(desk) == []
    await confirm(player)
    [confirmed] = await told(desk)
    assert (confirmed["type"], confirmed["times"]) == ("application.changed", 1)
    assert confirmed["data"]["status"] == "voucher_issued"
    await take(player, "«Мадина» · қазақ")
    heard = await told(desk)
    assert events(heard) == ["confirm_interest", "take_place"]
    assert "Мадина" in heard[1]["data"]["place"]["kindergarten"]
    me = await player.me()
    for secret in (me["iin"], me["phone"], me["first_name"], me["last_name"]):
        assert secret not in str(heard)


async def test_what_the_clock_brings_is_told(desk: Desk, player: Player) -> None:
    await desk.travel("2026-04-10T09:00")
    [missed] = await told(desk)
    assert (missed["data"]["event"], missed["data"]["by"]) == ("confirmation_missed", "clock")
    assert missed["at"] == "2026-04-09T19:00:00+00:00"


@pytest.mark.parametrize(
    "fault",
    [
        {"code": 500},
        {"code": 401},
        {"code": 0},
        {"code": 500, "late": True},
        {"code": 0, "late": True},
    ],
)
async def test_a_portal_that_fails_is_told_again_and_in_order(
    desk: Desk, player: Player, fault: dict[str, Any]
) -> None:
    """Refused, cut off, or heard without an answer: each event counts once at the portal."""
    await desk.post("/sim/faults", target="portal", times=3, **fault)
    await confirm(player)
    await take(player, "«Мадина» · қазақ")
    assert events(await told(desk)) == (["confirm_interest"] if "late" in fault else [])
    await desk.post("/sim/clock", advance="PT10M")
    heard = await told(desk)
    assert events(heard) == ["confirm_interest", "take_place"]
    assert [one["times"] for one in heard] == [4 if "late" in fault else 1, 1]


async def test_what_a_killed_worker_had_in_hand_is_told_by_the_next(
    desk: Desk, player: Player
) -> None:
    """It had claimed the change, and nobody knows whether the portal has heard it."""
    house = house_of(desk)
    await desk.post("/sim/faults", target="portal", code=500)
    await confirm(player)
    killed = PortalOutbox(house.core.db)
    await desk.post("/sim/clock", advance="PT3S")
    now = house.core.clock.now()
    due = await house.worker.next_due()
    assert due is not None
    assert await killed.claim(due, 20)
    assert due > now
    await desk.post("/sim/clock", advance="PT55S")
    assert await told(desk) == []
    await desk.post("/sim/clock", advance="PT10S")
    assert events(await told(desk)) == ["confirm_interest"]


async def test_a_portal_that_is_away_for_days_hears_everything_in_the_end(
    desk: Desk, player: Player
) -> None:
    """It rests: few calls are made while it is away."""
    await desk.post("/sim/faults", target="portal", code=503, times=100_000)
    await confirm(player)
    await desk.travel("2026-04-11T12:00")
    faults = await desk.get("/sim/faults")
    assert 50 < 100_000 - faults[0]["times"] < 150
    async with desk.http.delete("/sim/faults"):
        pass
    await desk.post("/sim/clock", advance="PT1H")
    assert events(await told(desk)) == ["confirm_interest"]


async def test_the_desk_plays_every_type_and_batches(desk: Desk) -> None:
    day = {"date": "2026-06-01", "kind": "transferred_off"}
    answer = await desk.post("/sim/portal", type="calendar_day.put", **day)
    assert answer == {"status": 200, "answer": {"outcome": "new"}}
    items = [
        {"type": "calendar_day.put", "data": day},
        {"type": "voucher.issue", "data": {"registration_number": "ОДО.2026.248"}},
    ]
    answer = await desk.post("/sim/portal", type="batch", id="b-1", events=items)
    assert answer["status"] == 200
    assert [item["result"] for item in answer["answer"]["events"]] == ["done", "done"]
    again = await desk.post("/sim/portal", type="batch", data={"events": items}, id="b-1")
    assert again == answer
