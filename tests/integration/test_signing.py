"""From a press to a signature, in core, on both databases (D5-D8, D10, D11)."""

from datetime import date, datetime, timedelta

import pytest

from core.applications.rules import Event, Refusal, Refused, Status
from core.applications.values import NotYours
from core.clock import ALMATY
from core.codes.values import CodeAnswer, Outcome
from core.signing.values import Signed
from tests import factories
from tests.integration.way import Way


async def test_pressed_at_2358_and_signed_at_0001(way: Way) -> None:
    """D8: the sweep spares the reserved act, and the right code completes it."""
    await way.voucher()
    await way.travel(4, 9, 23, 58)
    request = await way.desk.press(way.id, way.person, Event.CONFIRM_INTEREST)
    code = way.desk.pocket.newest_code
    await way.travel(4, 10, 0, 1)
    assert (await way.card()).status is Status.AWAITING_CONFIRMATION
    signed = await way.desk.signing.enter(request, way.person, code, way.now, "1")
    assert isinstance(signed, Signed)
    assert signed.card.status is Status.VOUCHER_ISSUED


async def test_a_reservation_ends_with_its_code(way: Way) -> None:
    """D6, D8: five minutes after midnight's press the term is over after all."""
    place = await factories.place(way.desk.db, free=1)
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    await way.travel(4, 14, 23, 58)
    request = await way.desk.press(way.id, way.person, Event.TAKE_PLACE, place_id=place)
    assert await way.free(place) == 0
    await way.travel(4, 15, 0, 4)
    assert (await way.card()).status is Status.ARCHIVED
    assert await way.free(place) == 1
    code = way.desk.pocket.newest_code
    late = await way.desk.signing.enter(request, way.person, code, way.now, "1")
    assert isinstance(late, CodeAnswer)
    assert late.outcome is Outcome.EXPIRED


async def test_while_no_gateway_takes_a_code_the_act_stays_reserved(way: Way) -> None:
    await way.voucher()
    await way.travel(4, 9, 23, 59)
    way.desk.pocket.dead = True
    request = await way.desk.press(way.id, way.person, Event.CONFIRM_INTEREST)
    await way.travel(4, 10, 3, 0)
    assert (await way.card()).status is Status.AWAITING_CONFIRMATION
    way.desk.pocket.dead = False
    for code_id in await way.desk.codes.due(way.now):
        await way.desk.codes.deliver(code_id)
    code = way.desk.pocket.newest_code
    signed = await way.desk.signing.enter(request, way.person, code, way.now, "1")
    assert isinstance(signed, Signed)


async def test_a_press_in_time_wins_even_if_the_sweep_was_early(way: Way) -> None:
    """D8: the press arrived at 23:59:59, and was read after the sweep had done its work."""
    await way.voucher()
    version = (await way.card()).version
    await way.travel(4, 10, 0, 0)
    assert (await way.card()).status is Status.STOP_LIST
    pressed = datetime(2026, 4, 9, 23, 59, 59, tzinfo=ALMATY)
    asked = await way.desk.signing.press(
        way.id, way.person, 1, Event.CONFIRM_INTEREST, "kk", pressed, version=version
    )
    await way.desk.codes.deliver(asked.code_id)
    code = way.desk.pocket.newest_code
    signed = await way.desk.signing.enter(asked.request_id, way.person, code, way.now, "1")
    assert isinstance(signed, Signed)
    assert signed.card.status is Status.VOUCHER_ISSUED


async def test_a_press_at_midnight_loses_even_if_the_sweep_is_late(way: Way) -> None:
    await way.voucher()
    midnight = datetime(2026, 4, 10, 0, 0, tzinfo=ALMATY)
    with pytest.raises(Refused) as refused:
        await way.desk.signing.press(way.id, way.person, 1, Event.CONFIRM_INTEREST, "kk", midnight)
    assert refused.value.refusal is Refusal.TERM_ENDED


async def test_the_same_press_again_shows_the_same_request(way: Way) -> None:
    await way.voucher()
    first = await way.desk.press(way.id, way.person, Event.CONFIRM_INTEREST)
    again = await way.desk.press(way.id, way.person, Event.CONFIRM_INTEREST)
    assert first == again
    assert len(way.desk.pocket.messages) == 1


async def test_a_code_signs_once_and_says_so_again(way: Way) -> None:
    await way.voucher()
    request = await way.desk.press(way.id, way.person, Event.CONFIRM_INTEREST)
    code = way.desk.pocket.newest_code
    for key in ("1", "1", "2"):
        signed = await way.desk.signing.enter(request, way.person, code, way.now, key)
        assert isinstance(signed, Signed)
    assert len(await way.applications.history(way.id)) == 2


async def test_stepping_back_gives_the_held_place_back(way: Way) -> None:
    place = await factories.place(way.desk.db, free=1)
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    request = await way.desk.press(way.id, way.person, Event.TAKE_PLACE, place_id=place)
    assert await way.free(place) == 0
    await way.desk.signing.abandon(request, way.person, way.now)
    assert await way.free(place) == 1


async def test_an_abandoned_code_frees_the_place_after_its_life(way: Way) -> None:
    """D6: held for as long as the code lives."""
    place = await factories.place(way.desk.db, free=1)
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    await way.desk.press(way.id, way.person, Event.TAKE_PLACE, place_id=place)
    way.desk.clock.move(way.now + timedelta(minutes=5))
    await way.desk.sweep.run(way.now)
    assert await way.free(place) == 1


async def test_places_that_the_voucher_is_not_for(way: Way) -> None:
    """D10, R16: another district's, one of the other mode, one that is gone."""
    far = await factories.place(way.desk.db, district="zerendi")
    temporary = await factories.place(way.desk.db, mode="temporary", until=date(2026, 4, 30))
    gone = await factories.place(way.desk.db, free=0)
    over = await factories.place(way.desk.db, mode="temporary", until=date(2026, 4, 6))
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    for place_id, act, refusal in (
        (far, Event.TAKE_PLACE, "other_district"),
        (temporary, Event.TAKE_PLACE, "wrong_mode"),
        (gone, Event.TAKE_PLACE, "place_gone"),
        (over, Event.TAKE_TEMPORARY_PLACE, "place_over"),
        (10_000, Event.TAKE_PLACE, "place_gone"),
    ):
        with pytest.raises(Refused, match=refusal):
            await way.do(act, place_id=place_id)


async def test_a_temporary_place_is_taken_while_a_working_day_of_it_is_left(way: Way) -> None:
    """D19: on Friday evening not one of Friday's or Sunday's, which would burn the voucher."""
    friday, sunday, monday = [
        await factories.place(way.desk.db, mode="temporary", until=date(2026, 4, day))
        for day in (10, 12, 13)
    ]
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    await way.travel(4, 10, 21, 0)
    for place_id in (friday, sunday):
        with pytest.raises(Refused, match="place_over"):
            await way.do(Event.TAKE_TEMPORARY_PLACE, place_id=place_id)
    await way.do(Event.TAKE_TEMPORARY_PLACE, place_id=monday)
    assert (await way.card()).stay is not None


async def test_a_temporary_place_pressed_on_its_last_evening_but_one_is_signed_after_midnight(
    way: Way,
) -> None:
    """D8, D19."""
    place = await factories.place(way.desk.db, mode="temporary", until=date(2026, 4, 10))
    await way.voucher()
    await way.do(Event.CONFIRM_INTEREST)
    await way.travel(4, 9, 23, 58)
    request = await way.desk.press(way.id, way.person, Event.TAKE_TEMPORARY_PLACE, place_id=place)
    await way.travel(4, 10, 0, 1)
    code = way.desk.pocket.newest_code
    assert isinstance(await way.desk.signing.enter(request, way.person, code, way.now, "1"), Signed)


async def test_nobody_acts_on_someone_elses_application(way: Way) -> None:
    """D11."""
    stranger = await factories.parent(way.desk.db, way.now, number=2)
    await way.voucher()
    request = await way.desk.press(way.id, way.person, Event.CONFIRM_INTEREST)
    with pytest.raises(NotYours):
        await way.desk.press(way.id, stranger, Event.CONFIRM_INTEREST)
    with pytest.raises(NotYours):
        await way.desk.signing.enter(request, stranger, "000000", way.now, "1")
    with pytest.raises(NotYours):
        await way.applications.card(way.id, stranger, way.now)
    assert await way.desk.signing.documents(way.id, stranger) == []


async def test_a_stale_button_is_refused(way: Way) -> None:
    await way.voucher()
    version = (await way.card()).version
    await way.do(Event.CONFIRM_INTEREST)
    with pytest.raises(Refused) as refused:
        await way.desk.press(way.id, way.person, Event.REMOVE_FROM_QUEUE, version=version)
    assert refused.value.refusal is Refusal.STALE
