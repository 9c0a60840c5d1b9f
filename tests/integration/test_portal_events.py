"""The portal's events: the same id again changes nothing, even at the same moment."""

import asyncio

import pytest
from pydantic import ValidationError

from core.applications.rules import Refusal, Refused
from core.applications.service import Applications
from core.clock import TravelClock
from core.db.engine import Database
from tests import factories
from webhook import PortalEvent, VoucherData


@pytest.fixture
async def applications(database: Database, clock: TravelClock) -> Applications:
    desk = await factories.desk(database, clock)
    await factories.application(database, clock.now())
    return Applications(database, desk.book)


async def test_one_event_delivered_many_times_at_once_gets_one_answer(
    applications: Applications, clock: TravelClock
) -> None:
    """None of the deliveries hears that the voucher is issued already: it was by this event."""

    async def deliver() -> dict[str, object]:
        return await applications.issue_voucher(
            "ОДО.2026.1", actor="portal", moment=clock.now(), event_id="e-1"
        )

    answers = await asyncio.gather(*(deliver() for _ in range(8)))
    assert answers == [answers[0]] * 8
    assert [line.event for line in await applications.history(1)] == ["issue_voucher"]


async def test_another_event_for_the_same_voucher_is_refused(
    applications: Applications, clock: TravelClock
) -> None:
    now = clock.now()
    await applications.issue_voucher("ОДО.2026.1", actor="portal", moment=now, event_id="e-1")
    with pytest.raises(Refused) as refused:
        await applications.issue_voucher("ОДО.2026.1", actor="portal", moment=now, event_id="e-2")
    assert refused.value.refusal is Refusal.NOT_NOW


def test_what_no_database_keeps_is_no_event() -> None:
    """NUL in a text is a fault of the sender's (422); it must not look like one of ours."""
    event = {"type": "voucher.issue", "at": "2026-04-07T11:30:00+05:00", "data": {}}
    assert PortalEvent.model_validate({"id": "ОДО-1", **event})
    for broken in ("\0", "a\0b", "a\n\0"):
        with pytest.raises(ValidationError):
            PortalEvent.model_validate({"id": broken, **event})
        with pytest.raises(ValidationError):
            VoucherData.model_validate({"registration_number": broken})
