"""The judge of the rounds finds what is against the rules, and only that."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.faults.law import Came, Done, Kept, Knock, Story, judge
from tests.faults.records import Application, Line, Records, Request, Signature
from tests.model.rules import DAY, HERE, Place, at

MORNING = datetime(2026, 4, 7, 10, 0, tzinfo=HERE)
MINUTE = timedelta(minutes=1)
LAST = date(2026, 4, 9)
"""Of the two working days to confirm."""
CHOOSE_BY = date(2026, 4, 14)


def knock(moment: datetime) -> Knock:
    return Knock(moment, moment + timedelta(seconds=2))


def line(moment: datetime, event: str, before: str, after: str, actor: str = "parent") -> Line:
    return Line(moment, event, before, after, actor, 1 if actor == "parent" else None, None)


ISSUED = line(MORNING, "issue_voucher", "in_queue", "awaiting_confirmation", "portal")
CONFIRMED = line(
    MORNING + 2 * MINUTE, "confirm_interest", "awaiting_confirmation", "voucher_issued"
)
MISSED = line(at(LAST + DAY), "confirmation_missed", "awaiting_confirmation", "stop_list", "clock")
PRESSED = Done(1, (knock(MORNING + MINUTE),), True, "confirm_interest", 1, 2)
TYPED = Done(1, (knock(MORNING + 2 * MINUTE),), True, digits="123456")
CONFIRMING = Story(
    done=[PRESSED, TYPED],
    came=[Came(1, "123456", MORNING + MINUTE)],
    kept=[Kept(PRESSED, TYPED)],
    portal={(1, "issue_voucher"): [knock(MORNING)]},
    ended=MORNING + 10 * MINUTE,
)
PLACE = Place(1, "general", 1)


def records(*history: Line, last: date | None, free: int = 1) -> Records:
    """Those of one application with that history, just as they ought to be."""
    signed = [one for one in history if one.actor == "parent"]
    return Records(
        applications={
            1: Application(
                id=1,
                status=history[-1].after,
                version=1 + len(history),
                ends_at=at(last + DAY) if last else None,
                last_day=last,
                restored=any(one.event == "restore" for one in history),
                place=None,
                registered_at=MORNING,
                history=list(history),
            )
        },
        requests={
            n: Request(n, 1, 1, one.event, None, one.at, "signed") for n, one in _all(signed)
        },
        signatures=[Signature(n, 1, 1, one.event, one.at) for n, one in _all(signed)],
        stays=[],
        free={1: free},
        held={},
        used=[n for n, _ in _all(signed)],
        entered={},
        under_way=0,
        notices=0,
    )


def _all(lines: list[Line]) -> list[tuple[int, Line]]:
    return list(enumerate(lines, 1))


RIGHT = records(ISSUED, CONFIRMED, last=CHOOSE_BY)


def test_what_the_rules_allow_is_no_complaint() -> None:
    assert judge(RIGHT, CONFIRMING, [PLACE]) == []
    missed = records(ISSUED, MISSED, last=date(2026, 5, 8))
    silent = replace(CONFIRMING, done=[], kept=[], ended=at(LAST + DAY) + MINUTE)
    assert judge(missed, silent, [PLACE]) == []


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (records(ISSUED, last=LAST), "did not happen"),
        (records(ISSUED, CONFIRMED, last=date(2026, 4, 15)), "ends_at"),
        (records(ISSUED, CONFIRMED, last=CHOOSE_BY, free=0), "place 1"),
        (records(ISSUED, replace(CONFIRMED, person=2), last=CHOOSE_BY), "D11"),
        (records(ISSUED, replace(CONFIRMED, at=MORNING + 9 * MINUTE), last=CHOOSE_BY), "D5"),
        (records(ISSUED, ISSUED, CONFIRMED, last=CHOOSE_BY), "it stood in"),
        (replace(RIGHT, used=[1, 1]), "2 codes"),
        (replace(RIGHT, signatures=[]), "differ"),
        (replace(RIGHT, held={1: 1}), "held"),
    ],
)
def test_what_they_forbid_is(wrong: Records, complaint: str) -> None:
    assert any(complaint in words for words in judge(wrong, CONFIRMING, [PLACE]))


def test_an_act_that_nobody_pressed_in_time_is_found() -> None:
    late = Done(1, (knock(at(LAST + DAY) + MINUTE),), True, "confirm_interest", 1, 2)
    typed = Done(1, (knock(at(LAST + DAY) + 2 * MINUTE),), True, digits="123456")
    confirmed = replace(CONFIRMED, at=typed.knocks[0].began)
    story = replace(
        CONFIRMING,
        done=[late, typed],
        kept=[],
        came=[Came(1, "123456", typed.knocks[0].began - MINUTE)],
    )
    found = judge(records(ISSUED, confirmed, last=date(2026, 4, 17)), story, [PLACE])
    assert any("never pressed in time" in words for words in found)


def test_a_term_that_is_over_and_stands_is_found() -> None:
    story = replace(CONFIRMING, kept=[], ended=at(LAST + DAY) + MINUTE)
    found = judge(records(ISSUED, last=LAST), story, [PLACE])
    assert any("nothing happened" in words for words in found)
