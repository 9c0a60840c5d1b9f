"""The count of what parents were told finds what is missing, and what came too often."""

from dataclasses import replace
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


def counted(
    arrivals: list[Arrival],
    taps: list[datetime] | None = None,
    *,
    ended: datetime = ENDED,
    refused: list[datetime] | None = None,
    entered: datetime = MORNING,
) -> Count:
    """Of a family whose voucher nobody has answered by noon of the last day."""
    owed = replace(records(ISSUED, last=LAST), entered={1: entered})
    return count(owed, arrivals, {1: taps or []}, [], ended, {1: refused or []})


def test_what_came_once_and_in_time_is_right() -> None:
    found = counted(SENT)
    assert (found.told, found.lost, found.doubled, found.untrue) == (4, [], [], [])


@pytest.mark.parametrize("missing", range(len(SENT)))
def test_whatever_is_missing_is_lost(missing: int) -> None:
    found = counted(SENT[:missing] + SENT[missing + 1 :])
    assert len(found.lost) == 1
    assert SENT[missing].kind in found.lost[0]


def test_only_what_telegram_refused_until_the_night_before_the_end_is_excused() -> None:
    evening, night = (datetime(2026, 4, 9, hour, 0, tzinfo=HERE) for hour in (20, 21))
    ended = datetime(2026, 4, 10, 0, 0, tzinfo=HERE)
    tries = [evening + timedelta(minutes=m) for m in (0, 1, 6, 21, 36, 51)]
    assert "last_evening" in counted(SENT, ended=ended).lost[0]
    assert "last_evening" in counted(SENT, ended=ended, refused=tries[:3]).lost[0]
    assert counted(SENT, ended=ended, refused=tries).lost == []
    refused = [night - timedelta(days=1, minutes=5)]  # the evening before: there is a morning yet
    assert "last_day" in counted(SENT[:3], refused=refused).lost[0]


def test_no_sms_is_missed_where_somebody_looked() -> None:
    found = counted([SENT[0], SENT[1], SENT[3]], taps=[MORNING + timedelta(hours=2)])
    assert found.lost == []


def test_an_sms_goes_at_once_to_whoever_has_no_chat_yet() -> None:
    early = replace(SENT[2], at=MORNING + timedelta(seconds=2))
    sent = [early, *SENT[:2], SENT[3]]
    assert counted(sent, entered=MORNING + timedelta(minutes=1)).untrue == []
    assert len(counted(sent).untrue) == 1


def test_what_comes_again_is_doubled_and_what_nobody_owed_is_untrue() -> None:
    again = counted([*SENT, SENT[1]])
    assert (len(again.doubled), len(again.excess)) == (1, 1)
    assert len(counted([*SENT, Arrival(1, "stay_ended", ENDED)]).untrue) == 1


def test_only_the_notice_that_was_in_flight_itself_may_come_again() -> None:
    unsure = replace(SENT[1], unsure=True)
    found = counted([SENT[0], unsure, *SENT[1:]])
    assert (len(found.doubled), found.excess) == (1, [])
    assert len(counted([SENT[0], unsure, *SENT[2:], SENT[3]]).excess) == 1
    assert len(counted([SENT[0], unsure, SENT[1], *SENT[1:]]).excess) == 1


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
