"""The call list at the desk: the own district's, one mark a call, and its undoing."""

import asyncio

import pytest

from core.applications.rules import Event
from core.notices.calls import PAGE, AlreadyMarked, Call, Called, NotListed, TooLateToUndo
from tests.integration.families.conftest import Office
from tests.integration.notices.post import later, moment


async def listed(office: Office, families: int = 1) -> Call:
    """The first of so many families whom nothing has reached, on its last day."""
    for number in range(1, families + 1):
        await office.family(number, chat=True)
        await office.post.voucher(number)
    office.post.desk.clock.move(moment("09.04 08:00"))
    await office.post.desk.sweep.run(office.post.now)
    return (await office.post.calls.page(office.here, 0, office.post.now)).calls[0]


async def ids(office: Office) -> list[int]:
    calling = await office.post.calls.page(office.here, 0, office.post.now)
    return [call.notice_id for call in calling.calls]


async def test_each_district_sees_its_own_families_and_the_region_all(office: Office) -> None:
    first = await listed(office, 2)
    await office.change(2, district="akkol")
    for member, expected in ((office.here, [1]), (office.there, [2]), (office.head, [1, 2])):
        calling = await office.post.calls.page(member, 0, office.post.now)
        assert [call.application_id for call in calling.calls] == expected
        noted = (await office.noted())[-1]
        assert (noted.act, noted.staff_id) == ("calls_listed", member.id)
        assert noted.subjects == {"application": expected}
    for unknown in (first.notice_id, 10_000):
        with pytest.raises(NotListed):
            await office.post.calls.mark(unknown, Called.UNREACHABLE, office.there, office.post.now)


async def test_the_list_has_pages(office: Office) -> None:
    await listed(office, PAGE + 1)
    calling = await office.post.calls.page(office.here, 7, office.post.now)
    assert (calling.page, calling.pages, calling.total) == (1, 2, PAGE + 1)
    assert [call.application_id for call in calling.calls] == [PAGE + 1]


async def test_of_two_who_mark_the_same_call_at_once_one_does_and_the_other_is_told(
    office: Office,
) -> None:
    call = await listed(office)
    marks = ((office.here, Called.UNREACHABLE), (office.head, Called.WILL_CONFIRM))
    done = await asyncio.gather(
        *(
            office.post.calls.mark(call.notice_id, called, member, office.post.now, tries=0)
            for member, called in marks
        ),
        return_exceptions=True,
    )
    [winner] = [one for one in done if isinstance(one, Call)]
    [loser] = [one for one in done if isinstance(one, AlreadyMarked)]
    member, called = marks[done.index(winner)]
    assert (loser.made.by, loser.made.called) == (member.id, called)
    assert len(winner.tried) == 1
    acts = [one.act for one in await office.noted()]
    assert acts == ["calls_listed", "call_marked"]


@pytest.mark.parametrize("called", Called)
async def test_a_mark_is_taken_back_and_the_family_is_on_the_list_as_before(
    office: Office, called: Called
) -> None:
    call = await listed(office)
    await office.post.calls.mark(call.notice_id, called, office.here, office.post.now, tries=0)
    later(office.post, minutes=9)
    back = await office.post.calls.undo(call.notice_id, office.here, office.post.now)
    assert back.tried == ()
    assert await ids(office) == [call.notice_id]
    row = await office.post.row(channel="call")
    assert (row.state, row.because, row.delivered_at) == ("sent", None, None)
    assert [one.act for one in await office.noted()][1:3] == ["call_marked", "call_unmarked"]


async def test_a_mark_stays_after_ten_minutes_and_for_everybody_else(office: Office) -> None:
    call = await listed(office)
    await office.post.calls.mark(call.notice_id, Called.WILL_CONFIRM, office.here, office.post.now)
    with pytest.raises(TooLateToUndo):
        await office.post.calls.undo(call.notice_id, office.head, office.post.now)
    with pytest.raises(NotListed):
        await office.post.calls.undo(call.notice_id, office.there, office.post.now)
    later(office.post, minutes=11)
    with pytest.raises(TooLateToUndo):
        await office.post.calls.undo(call.notice_id, office.here, office.post.now)


async def test_who_has_answered_meanwhile_is_not_put_on_the_list_again(office: Office) -> None:
    call = await listed(office)
    await office.post.calls.mark(call.notice_id, Called.WILL_CONFIRM, office.here, office.post.now)
    await office.post.desk.act(1, office.post.people[1], Event.CONFIRM_INTEREST)
    with pytest.raises(NotListed):
        await office.post.calls.undo(call.notice_id, office.here, office.post.now)
    assert await ids(office) == []


async def test_whom_a_notice_has_reached_meanwhile_is_not_put_on_the_list_again(
    office: Office,
) -> None:
    call = await listed(office)
    await office.post.calls.mark(call.notice_id, Called.WRONG_NUMBER, office.here, office.post.now)
    await office.post.work()
    await office.post.notices.seen(1, office.post.people[1].iin.value, None, office.post.now)
    await office.post.calls.undo(call.notice_id, office.here, office.post.now)
    assert await ids(office) == []
