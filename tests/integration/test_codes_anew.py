"""Codes that are asked for once more, and two children's in the same minutes (D6, D8)."""

from datetime import datetime, timedelta

import pytest

from core.applications.rules import Event, Refusal, Refused, Status
from core.applications.service import Applications
from core.clock import ALMATY, TravelClock
from core.codes.rules import Why
from core.codes.values import CodesExhausted
from core.db.engine import Database
from core.signing.values import Asked, Signed, Waiting
from tests import factories
from tests.integration.way import Way

MIDNIGHT = datetime(2026, 4, 10, tzinfo=ALMATY)
"""The end of the term of a voucher issued on 7 April (R7)."""


async def anew(way: Way, request: int) -> Asked:
    """A new code, which comes."""
    signing, clock = way.desk.signing, way.desk.clock
    asked = await signing.resend(request, way.person, way.person.id, "kk", clock.now())
    await way.desk.codes.deliver(asked.code_id)
    return asked


def wait(way: Way, **more: int) -> None:
    way.desk.clock.move(way.now + timedelta(**more))


@pytest.mark.parametrize("swept", [False, True])
async def test_a_code_that_came_too_late_is_asked_for_anew(way: Way, swept: bool) -> None:
    """It is a new press: the place is held again, and the new code signs."""
    place = await factories.place(way.desk.db, free=1)
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    request = await way.desk.press(way.id, way.person, Event.TAKE_PLACE, place_id=place)
    wait(way, minutes=6)
    if swept:
        await way.desk.sweep.run(way.now)
    asked = await anew(way, request)
    assert (asked.pressed_at, asked.place and asked.place.id) == (way.now, place)
    assert await way.free(place) == 0
    code = way.desk.pocket.newest_code
    signed = await way.desk.signing.enter(asked.request_id, way.person, code, way.now, "1")
    assert isinstance(signed, Signed)
    assert signed.card.status is Status.ENROLLED


async def test_a_code_that_ran_out_with_the_term_cannot_be_had_anew(way: Way) -> None:
    await way.voucher()
    await way.travel(4, 9, 23, 58)
    request = await way.desk.press(way.id, way.person, Event.CONFIRM_INTEREST)
    await way.travel(4, 10, 0, 4)
    with pytest.raises(Refused) as refused:
        await anew(way, request)
    assert refused.value.refusal in {Refusal.TERM_ENDED, Refusal.NOT_NOW, Refusal.STALE}
    assert (await way.card()).status is Status.STOP_LIST


@pytest.mark.parametrize("ended", ["signed", "left", "replaced"])
async def test_what_is_over_is_not_pressed_anew(way: Way, ended: str) -> None:
    await way.voucher()
    request = await way.desk.press(way.id, way.person, Event.CONFIRM_INTEREST)
    if ended == "signed":
        code = way.desk.pocket.newest_code
        await way.desk.signing.enter(request, way.person, code, way.now, "1")
    elif ended == "left":
        await way.desk.signing.abandon(request, way.person, way.now)
    wait(way, minutes=6)
    if ended == "replaced":
        await way.desk.press(way.id, way.person, Event.REMOVE_FROM_QUEUE)
        wait(way, minutes=1)
    with pytest.raises(Refused) as refused:
        await anew(way, request)
    assert refused.value.refusal is Refusal.NOT_NOW


async def test_a_new_code_after_the_term_tells_until_when_it_is_good(way: Way) -> None:
    """D8: the reservation is not prolonged, so this code lives shorter than others."""
    await way.voucher()
    await way.travel(4, 9, 23, 58)
    request = await way.desk.press(way.id, way.person, Event.CONFIRM_INTEREST)
    pressed = way.now
    way.desk.clock.move(MIDNIGHT + timedelta(seconds=90))
    asked = await anew(way, request)
    assert (asked.sent_at, asked.valid_until) == (None, pressed + timedelta(minutes=5))
    assert asked.pressed_at == pressed


async def test_the_press_that_counts_is_told_also_with_a_new_code(way: Way) -> None:
    """D8: no gateway works, and midnight passes between the press and the next code."""
    await way.voucher()
    await way.travel(4, 9, 23, 58)
    pressed, way.desk.pocket.dead = way.now, True
    request = await way.desk.press(way.id, way.person, Event.CONFIRM_INTEREST)
    way.desk.clock.move(MIDNIGHT + timedelta(minutes=1))
    asked = await anew(way, request)
    assert asked.pressed_at == pressed


@pytest.fixture
async def brother(database: Database, clock: TravelClock, way: Way) -> int:
    """A second child of the same parent, who has a voucher, too."""
    child = await factories.application(database, clock.now(), 2, applicant=1)
    applications = Applications(database, way.desk.book)
    await applications.issue_voucher("ОДО.2026.2", actor="portal", moment=clock.now())
    await way.voucher()
    return child


async def test_a_second_childs_press_does_not_wait_for_the_minute(way: Way, brother: int) -> None:
    """Half a minute before midnight both vouchers are saved; one application's codes keep their
    distance all the same."""
    way.desk.clock.move(MIDNIGHT - timedelta(seconds=50))
    first = await way.desk.press(way.id, way.person, Event.CONFIRM_INTEREST)
    wait(way, seconds=30)
    second = await way.desk.press(brother, way.person, Event.CONFIRM_INTEREST)
    with pytest.raises(CodesExhausted) as exhausted:
        await way.desk.press(way.id, way.person, Event.REMOVE_FROM_QUEUE)
    assert exhausted.value.why is Why.PAUSE
    wait(way, minutes=1)
    codes = [message.text for message in way.desk.pocket.messages]
    for request, code in zip((first, second), codes, strict=True):
        signed = await way.desk.signing.enter(request, way.person, code, way.now, code)
        assert isinstance(signed, Signed)


async def test_a_code_is_known_for_the_child_whose_it_is(way: Way, brother: int) -> None:
    """Two messages came, and they read alike."""
    first = await way.desk.press(way.id, way.person, Event.CONFIRM_INTEREST)
    second = await way.desk.press(brother, way.person, Event.CONFIRM_INTEREST)
    codes = [message.text for message in way.desk.pocket.messages]
    mine, his = Waiting(way.id, first), Waiting(brother, second)
    for awaited in (mine, his):
        for code, whose in zip((*codes, "000000"), (mine, his, awaited), strict=True):
            meant = await way.desk.signing.meant(awaited, 1, way.person, code, way.now)
            assert meant == whose
    assert await way.desk.signing.waiting(1, way.person, way.now) == his
    wait(way, minutes=6)
    assert await way.desk.signing.waiting(1, way.person, way.now) is None
    assert await way.desk.signing.meant(his, 1, way.person, codes[0], way.now) == his
