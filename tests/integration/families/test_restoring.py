"""D14: what a missed term has ended, staff may restore, with a reason."""

import asyncio
from contextlib import suppress

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.rules import Event, Refused, Status
from core.applications.tables import ApplicationRecord
from core.families import service
from core.families.values import ChildElsewhere, Look, Reason, UnknownFamily
from tests.integration.families.conftest import Office
from tests.integration.notices.post import moment


async def restore(office: Office, family: int) -> None:
    await office.families.restore(office.here, family, Reason.ILLNESS, office.post.now)


async def restorable(office: Office, family: int) -> bool:
    looked = await office.families.look(office.here, family, Look.CARD, office.post.now)
    return looked.restorable


async def sweep(office: Office, to: str) -> None:
    """Time passes, and the terms that end meanwhile are missed."""
    office.post.desk.clock.move(moment(to))
    await office.post.desk.sweep.run(office.post.now)


async def archived(office: Office) -> int:
    """A family that has missed both terms."""
    family = await office.family(1, chat=True)
    await office.post.voucher(1)
    await sweep(office, "20.05 12:00")
    assert (await office.record(family)).archived_because == Event.RESTORING_MISSED
    return family


async def test_a_family_comes_back_from_the_archive_to_its_old_place(office: Office) -> None:
    family = await archived(office)
    before = await office.record(family)
    assert await restorable(office, family)
    await restore(office, family)
    after = await office.record(family)
    assert (after.status, after.archived_because) == (Status.IN_QUEUE, None)
    assert after.registered_at == before.registered_at
    assert not await restorable(office, family)


async def test_the_parent_is_told_and_history_and_audit_keep_the_reason(office: Office) -> None:
    family = await archived(office)
    await restore(office, family)
    await office.post.work()
    assert office.post.told()[-1] == "20.05 12:00 restored_by_staff"
    notice = await office.post.row(kind="restored_by_staff")
    assert notice.details["reason"] == "illness"
    line = (await office.post.applications.history(family))[0]
    assert (line.event, line.actor, line.details) == (
        "restore_by_staff",
        "operator",
        {"reason": "illness"},
    )
    noted = (await office.noted())[-1]
    assert (noted.act, noted.staff_id, noted.subjects, noted.details) == (
        "restore_by_staff",
        office.here.id,
        {"application": [family]},
        {"reason": "illness"},
    )


async def test_who_has_no_chat_is_told_by_sms(office: Office) -> None:
    family = await office.family(1)
    await office.post.voucher(1)
    await sweep(office, "20.05 12:00")
    await restore(office, family)
    await office.post.work()
    assert office.post.told()[-1] == "20.05 12:00 sms restored_by_staff"


async def test_the_parents_own_right_stays_as_it_was(office: Office) -> None:
    """R8, D2: unused it can still be used, used it is gone."""
    family = await archived(office)
    await restore(office, family)
    await office.post.voucher(1)
    await sweep(office, "25.05 12:00")
    assert not await restorable(office, family)  # the parent can do it
    with pytest.raises(Refused):
        await restore(office, family)
    await office.post.desk.act(family, office.post.people[1], Event.RESTORE)
    await office.post.voucher(1)
    await sweep(office, "01.06 12:00")
    assert (await office.record(family)).status == Status.STOP_LIST
    await restore(office, family)
    assert (await office.record(family)).restored_at is not None


async def test_what_the_parent_gave_up_stays_given_up(office: Office) -> None:
    family = await office.family(1, chat=True)
    await office.post.voucher(1)
    await office.post.desk.act(family, office.post.people[1], Event.REFUSE_VOUCHER)
    assert not await restorable(office, family)
    with pytest.raises(Refused):
        await restore(office, family)


async def test_a_child_with_another_application_is_not_restored(office: Office) -> None:
    family = await archived(office)
    again = await office.family(2)
    await office.change(again, child_iin=(await office.record(family)).child_iin)
    with pytest.raises(ChildElsewhere):
        await restore(office, family)
    assert (await office.record(family)).status == Status.ARCHIVED


async def test_of_two_who_restore_at_once_one_does_it(office: Office) -> None:
    family = await archived(office)
    done = await asyncio.gather(
        restore(office, family), restore(office, family), return_exceptions=True
    )
    assert sorted(isinstance(one, Refused) for one in done) == [False, True]


async def test_of_a_childs_two_applications_restored_at_once_one_comes_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each waits, having looked, until the other one has, unless it cannot."""
    both, look = asyncio.Barrier(2), service._is_elsewhere

    async def look_and_wait(session: AsyncSession, record: ApplicationRecord) -> bool:
        found = await look(session, record)
        with suppress(TimeoutError):
            await asyncio.wait_for(both.wait(), 0.3)
        return found

    monkeypatch.setattr(service, "_is_elsewhere", look_and_wait)
    first, second = await office.family(1), await office.family(2)
    for number in (1, 2):
        await office.post.voucher(number)
    await sweep(office, "20.05 12:00")
    await office.change(second, child_iin=(await office.record(first)).child_iin)
    done = await asyncio.gather(
        restore(office, first), restore(office, second), return_exceptions=True
    )
    assert sorted(isinstance(one, ChildElsewhere) for one in done) == [False, True], done


async def test_another_districts_family_cannot_be_restored(office: Office) -> None:
    family = await archived(office)
    with pytest.raises(UnknownFamily):
        await office.families.restore(office.there, family, Reason.FAULT, office.post.now)
