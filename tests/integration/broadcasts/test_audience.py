"""An audience is counted as it is sent to: the same conditions, each person once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.rules import Status
from core.broadcasts import audience as audiences
from core.broadcasts.rules import Audience, Kind
from core.broadcasts.values import Counted, NoSuchBroadcast
from core.db.engine import DRIVER
from core.identity.rules import Iin
from core.staff.rules import Role
from core.staff.service import Staff
from tests import factories
from tests.integration.broadcasts.town import Town


async def told(town: Town, audience: Audience, kind: Kind = Kind.STATUTORY) -> list[int]:
    """Counted, then sent: who got it."""
    town.told.clear()
    draft = await town.draft(audience, kind)
    counted = await town.broadcasts.count(town.head, draft.id)
    await town.start(draft)
    await town.finish(draft)
    assert counted.recipients == len(town.told)
    assert set(town.told.values()) <= {1}
    return sorted(town.told)


async def test_who_matches_all_that_was_chosen_gets_it(town: Town) -> None:
    await town.families(1, 2)
    await town.families(3, district="akkol", language="ru")
    await town.families(4, district="akkol", status="enrolled")
    await town.families(5, status="archived")
    await town.families(6, status="awaiting_confirmation", language="en")
    assert await told(town, Audience()) == [1, 2, 3, 4, 6]
    assert await told(town, Audience(districts=frozenset({"akkol"}))) == [3, 4]
    enrolled = frozenset({Status.ENROLLED, Status.ARCHIVED})
    assert await told(town, Audience(statuses=enrolled)) == [4, 5]
    assert await told(town, Audience(unanswered=True)) == [6]
    assert await told(town, Audience(languages=frozenset({"ru", "en"}))) == [3, 6]
    both = Audience(districts=frozenset({"akkol"}), languages=frozenset({"kk"}))
    assert await told(town, both) == [4]


async def test_the_kindergarten_is_that_of_the_enrolled(town: Town) -> None:
    here = await factories.place(town.db, name="«Арман»")
    there = await factories.place(town.db, name="«Мадина»")
    await town.families(1, status="enrolled", place_id=here)
    await town.families(2, status="enrolled", place_id=there)
    draft = await town.draft()
    [(kindergarten, _)] = await town.broadcasts.kindergartens(town.head, draft.id, "арман")
    assert await told(town, Audience(kindergarten=kindergarten)) == [1]


async def test_a_parent_of_several_children_gets_one_message(town: Town) -> None:
    await town.families(1, 2)
    for child in (11, 12, 13):
        await factories.application(town.db, town.now, child, applicant=1)
    assert await told(town, Audience()) == [1, 2]


async def test_who_has_no_chat_is_counted_and_not_written_to(town: Town) -> None:
    await town.families(1)
    await town.families(2, 3, chat=False)
    draft = await town.draft()
    counted = await town.broadcasts.count(town.head, draft.id)
    assert (counted.people, counted.chats, counted.recipients) == (3, 1, 1)


async def test_who_muted_informational_ones_gets_the_statutory(town: Town) -> None:
    await town.families(1, 2)
    await town.mute(2)
    assert await told(town, Audience(), Kind.INFORMATIONAL) == [1]
    assert await told(town, Audience(), Kind.STATUTORY) == [1, 2]


async def test_an_operators_broadcast_stays_in_the_district(town: Town) -> None:
    """Whatever is asked for, and by whomever."""
    await town.families(1)
    await town.families(2, district="akkol")
    draft = await town.broadcasts.draft(town.operator, town.now)
    for member in (town.operator, town.head):
        for districts in ({"kokshetau"}, set()):
            changed = await town.broadcasts.change(
                member, draft.id, audience=Audience(districts=frozenset(districts))
            )
            assert changed.audience.districts == {"akkol"}
    assert (await town.broadcasts.count(town.operator, draft.id)).people == 1


async def test_another_districts_broadcast_does_not_exist(town: Town) -> None:
    other = await Staff(town.db).grant(
        Iin(factories.iin(9003)), Role.OPERATOR, "kosshy", by=None, moment=town.now
    )
    theirs = await town.broadcasts.draft(town.operator, town.now)
    regions = await town.broadcasts.draft(town.head, town.now)
    for broadcast in (theirs.id, regions.id, 999):
        for ask in (
            town.broadcasts.one(other, broadcast),
            town.broadcasts.count(other, broadcast),
            town.broadcasts.change(other, broadcast, kind=Kind.STATUTORY),
            town.broadcasts.start(other, broadcast, 1, town.now),
            town.broadcasts.pause(other, broadcast, town.now),
            town.broadcasts.recall(other, broadcast, town.now),
            town.broadcasts.progress(other, broadcast, town.now),
            town.broadcasts.draft(other, town.now, corrects=broadcast),
            town.unreached.of(other, broadcast, town.now),
        ):
            try:
                await ask
            except NoSuchBroadcast:
                continue
            raise AssertionError(broadcast)
    assert await town.broadcasts.listed(other) == ([], False)
    listed, _ = await town.broadcasts.listed(town.head)
    assert [one.id for one in listed] == [regions.id, theirs.id]


async def test_an_audience_is_counted_while_others_write(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A million of them take seconds, and SQLite has one writer."""
    counted: list[bool] = []
    count = audiences.count

    async def seen(session: AsyncSession, *more: Any) -> Counted:
        counted.append(DRIVER in session.info)  # as that of `write` has it
        return await count(session, *more)

    monkeypatch.setattr(audiences, "count", seen)
    await town.families(1)
    hour = timedelta(hours=1)
    for starts_at in (None, town.now + hour):
        await town.start(await town.draft(starts_at=starts_at))
    town.clock.move(town.now + hour)
    await town.look()
    assert counted == [False, False, False]  # twice as they were sent, once at the hour
