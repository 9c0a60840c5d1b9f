"""The count of what parents were told finds what is missing, and what came too often."""

from datetime import datetime, timedelta

import pytest

from locales.texts import LANGUAGES, texts
from tests.faults.telling import Arrival, Count, Reader, count, kind_of
from tests.faults.test_law import ISSUED, LAST, MORNING, records
from tests.model.rules import HERE

ENDED = datetime(2026, 4, 9, 12, 0, tzinfo=HERE)
SENT = [
    Arrival(1, "voucher_issued", MORNING + timedelta(seconds=3)),
    Arrival(1, "reminder", datetime(2026, 4, 8, 9, 0, 2, tzinfo=HERE)),
    Arrival(1, "voucher_issued", datetime(2026, 4, 8, 18, 0, 1, tzinfo=HERE), sms=True),
    Arrival(1, "last_day", datetime(2026, 4, 9, 9, 0, 1, tzinfo=HERE)),
]


def counted(arrivals: list[Arrival], taps: list[datetime] | None = None) -> Count:
    """Of a family whose voucher nobody has answered by noon of the last day."""
    return count(records(ISSUED, last=LAST), arrivals, {1: taps or []}, [], ENDED)


def test_what_came_once_and_in_time_is_right() -> None:
    found = counted(SENT)
    assert (found.told, found.lost, found.doubled, found.untrue) == (4, [], [], [])


@pytest.mark.parametrize("missing", range(len(SENT)))
def test_whatever_is_missing_is_lost(missing: int) -> None:
    found = counted(SENT[:missing] + SENT[missing + 1 :])
    assert len(found.lost) == 1
    assert SENT[missing].kind in found.lost[0]


def test_no_sms_is_missed_where_somebody_looked() -> None:
    found = counted([SENT[0], SENT[1], SENT[3]], taps=[MORNING + timedelta(hours=2)])
    assert found.lost == []


def test_what_comes_again_is_doubled_and_what_nobody_owed_is_untrue() -> None:
    assert len(counted([*SENT, SENT[1]]).doubled) == 1
    assert len(counted([*SENT, Arrival(1, "stay_ended", ENDED)]).untrue) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_screen_is_no_notice(language: str) -> None:
    reader = Reader(1, language, "Дана", "ОДО.2026.1")
    text = texts(language)(
        "🎟 <b>Your turn has come, a voucher is issued:</b> {child}, {number}",
        child=reader.child,
        number=reader.number,
    )
    assert kind_of(f"{text}\n…", ["act:1:2:confirm_interest"], reader) == "voucher_issued"
    assert kind_of(f"{text}\n…", ["app:1:2:h"], reader) is None
