"""The account of a round complains of what was promised, and of nothing else."""

from datetime import datetime, timedelta

import pytest

from tests.faults.accounts import withdrawn
from tests.faults.records import Application, Line, Records, Request
from tests.model.rules import HERE

PRESSED = datetime(2026, 6, 5, 11, 0, tzinfo=HERE)
ASKED = Request(35, 2, 2, "take_temporary_place", 3, PRESSED, "replaced")


def records(event: str, after: timedelta) -> Records:
    """Of an application to which that happened, so long after the press."""
    changed = Line(PRESSED + after, event, "voucher_issued", "in_queue", "portal", None, None)
    application = Application(2, "in_queue", 4, None, None, False, None, PRESSED, [changed])
    return Records({2: application}, {35: ASKED}, [], [], {}, {}, [], {}, 0, 0)


@pytest.mark.parametrize(
    ("event", "after", "sooner"),
    [
        ("withdraw_voucher", timedelta(seconds=0.03), True),
        ("withdraw_voucher", timedelta(minutes=-1), False),
        ("choosing_missed", timedelta(seconds=1), False),
    ],
)
def test_a_code_is_not_lost_whose_voucher_was_withdrawn_sooner(
    event: str, after: timedelta, sooner: bool
) -> None:
    """Seed 130094: pressed, and 32 ms later the portal took the voucher back (D13)."""
    assert withdrawn(ASKED, records(event, after)) is sooner
