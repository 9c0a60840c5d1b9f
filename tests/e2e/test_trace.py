"""One id follows a tap through all that it causes, in whatever process and however late."""

import json
from collections import defaultdict

import pytest

from core.trace import LENGTH, of_event
from seed.people import AINUR
from tests.e2e import ways
from tests.e2e.player import Desk
from tests.e2e.telltales import in_production


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The id stands in columns like others."""
    return sqlite_url


def traces(log: str) -> dict[str, list[str]]:
    """The events of each id, in their order."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in log.splitlines():
        told = json.loads(line) if line.startswith("{") else {}
        if "trace" in told:
            found[told["trace"]].append(told["event"])
    return found


async def test_a_tap_is_followed_to_the_receipt_and_to_the_notice_days_later(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    player = desk.player(AINUR.id)
    await ways.enter(player)
    with in_production(capsys) as written:
        await desk.voucher()
        await player.press("✅ Confirm")
        pressed = traces(written())
        await player.type_code()
        typed = traces(written())
        await desk.post("/sim/clock", advance="P3D")
        days_later = traces(written())
    (event,) = [trace for trace in pressed if trace.startswith("e")]
    assert pressed[event] == ["application_changes", "notice_carried"]
    (tap,) = [trace for trace in pressed if "code_asked" in pressed[trace]]
    steps = set(pressed[tap]) - {"well again"}
    assert {"handled", "code_asked", "sms_taken", "code_sent", "sms_reported"} <= steps
    (entry,) = [trace for trace in typed if "application_changes" in typed[trace]]
    assert "handled" in typed[entry]
    assert entry != tap
    assert "notice_carried" in days_later[entry]


def test_what_comes_twice_has_one_id() -> None:
    """The portal's own ids can be long."""
    assert of_event("17") == of_event("17") != of_event("18")
    assert len(of_event("x" * 500)) <= LENGTH
