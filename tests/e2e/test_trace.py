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
        await player.type_code()
        await desk.post("/sim/clock", advance="P3D")
        found = traces(written())
    event = next(trace for trace in found if trace.startswith("e"))
    assert found[event][:2] == ["application_changes", "notice_carried"]
    tap = next(trace for trace in found if "code_asked" in found[trace])
    assert {"handled", "sms_taken", "code_sent", "sms_reported"} <= set(found[tap])
    assert "application_changes" not in found[tap]
    entry = next(t for t in found if t != event and "application_changes" in found[t])
    assert entry.startswith("u")
    assert {"handled", "notice_carried"} <= set(found[entry])


def test_what_comes_twice_has_one_id() -> None:
    """The portal's own ids can be long."""
    assert of_event("17") == of_event("17") != of_event("18")
    assert len(of_event("x" * 500)) <= LENGTH
