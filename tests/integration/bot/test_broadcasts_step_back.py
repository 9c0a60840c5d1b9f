"""Broadcasts step back by themselves while people wait; everything else still goes out."""

import pytest
from sqlalchemy import update

from core.db.turns import Turns
from core.notices.plan import Lane
from core.notices.tables import NoticeRecord
from tests.integration.bot.acting import with_voucher
from tests.integration.bot.conftest import Parent
from tests.integration.bot.posting import working


@pytest.mark.parametrize(("lane", "states"), [(Lane.BROADCAST, "pending"), (Lane.VOUCHER, "sent")])
async def test_a_broadcast_waits_while_people_do(
    parent: Parent, monkeypatch: pytest.MonkeyPatch, lane: Lane, states: str
) -> None:
    await with_voucher(parent)
    async with parent.desk.db.write() as session:
        await session.execute(
            update(NoticeRecord).where(NoticeRecord.kind == "voucher_issued").values(lane=lane)
        )
    async with working(parent) as at_work:
        with monkeypatch.context() as crowd:
            crowd.setattr(Turns, "crowded", property(lambda self: True))
            await at_work.post.send_due()
            await at_work.nursery.settled()
            assert (await at_work.states())[0] == states
        await at_work.post.send_due()
        await at_work.nursery.settled()
        assert (await at_work.states())[0] == "sent"
