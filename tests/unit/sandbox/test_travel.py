"""Time travel: the bot's clock decides, and the desk's goes with it."""

from datetime import datetime, timedelta

import pytest

from sandbox.clock import parse_duration
from tests.unit.sandbox.desk_at_work import START, DeskAtWork


async def test_moving_stops_at_all_that_falls_due_and_messages_carry_that_moment(
    desk: DeskAtWork,
) -> None:
    await desk.started()
    desk.bot.due = [START + timedelta(hours=1), START + timedelta(hours=3)]

    async def remind(at: datetime) -> None:
        await desk.api("sendMessage", chat_id=1, text="due")

    desk.bot.on_due = remind
    answer = await desk.post("/sim/clock", {"advance": "PT4H"})
    assert answer["now"] == (START + timedelta(hours=4)).isoformat()
    assert len(desk.bot.visited) == 3
    dates = [m["date"] for m in (await desk.get("/sim/users/1/chat"))["messages"][-2:]]
    assert dates == ["2026-04-07T12:30:00+05:00", "2026-04-07T14:30:00+05:00"]


async def test_the_clock_moves_by_working_days_to_an_instant_or_to_a_deadline(
    desk: DeskAtWork,
) -> None:
    answer = await desk.post("/sim/clock", {"working_days": 2})
    assert answer["now"] == "2026-04-09T11:30:00+05:00"
    answer = await desk.post("/sim/clock", {"to": "2026-04-09T23:59:00+05:00"})
    assert answer["now"] == "2026-04-09T23:59:00+05:00"
    desk.bot.due = [START + timedelta(days=9)]
    told = await desk.get("/sim/clock?user=1")
    assert told["next_deadline"] == told["next_due"] == "2026-04-16T11:30:00+05:00"
    answer = await desk.post("/sim/clock", {"deadline_of": 1})
    assert answer["now"] == "2026-04-16T11:30:00+05:00"
    await desk.post("/sim/clock", {"deadline_of": 1})
    assert desk.status == 400


@pytest.mark.parametrize(
    "wish",
    [
        {"to": "2026-04-07T11:00:00+05:00"},
        {"to": "yesterday"},
        {"advance": "2 hours"},
        {"advance": "P1M"},
        {"working_days": 0},
        {},
    ],
)
async def test_what_is_past_or_no_time_is_refused(
    desk: DeskAtWork, wish: dict[str, object]
) -> None:
    answer = await desk.post("/sim/clock", wish)
    assert desk.status == 400
    assert answer["detail"]
    assert desk.bot.visited == []


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("PT2H", timedelta(hours=2)),
        ("P1W", timedelta(weeks=1)),
        ("P1DT12H30M5S", timedelta(days=1, hours=12, minutes=30, seconds=5)),
    ],
)
def test_durations_are_iso_8601(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize("text", ["P", "PT", "", "P1M", "-PT1H", "PT1H "])
def test_other_durations_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)
