"""D18: judged once, to its end, by whichever process; or declared by an administrator."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from core import agenda
from core.applications.rules import Event, Status
from core.calendar.rules import YearNotCovered
from core.notices.noticed import sms_reported
from core.outages import judging
from core.outages.rules import Cause, Problem, Reason, Span
from core.outages.service import Outages
from core.outages.values import CannotDeclare
from core.staff.rules import Member, NotAllowed, Role
from tests.integration.notices.post import moment
from tests.integration.outages.town import Town

ADMINISTRATOR, HEAD = Member(1, Role.ADMINISTRATOR, None), Member(2, Role.HEAD, None)


AWAITING, STOPPED = Status.AWAITING_CONFIRMATION, Status.STOP_LIST


async def test_judging_that_was_cut_off_goes_on_and_doubles_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each batch is a transaction; the process dies after the first."""
    families = [await town.family(number) for number in range(1, 6)]
    await town.beat("09.04 22:30")
    town.go("09.04 22:40")
    monkeypatch.setattr(judging, "BATCH", 2)
    whole, dying = judging.extend_running, iter([False, True])

    async def dies(*given: object) -> list[int]:
        if next(dying):
            raise KeyboardInterrupt
        return await whole(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("core.outages.service.BATCHES", (dies,))
    with pytest.raises(KeyboardInterrupt):
        await town.outages.begin(town.post.now)
    monkeypatch.setattr("core.outages.service.BATCHES", (whole, judging.extend_ended))
    assert (await agenda.due(town.post.desk.db, town.post.now)).outages == town.post.now
    await town.outages.judge(town.post.now)
    for application_id in families:
        assert await town.stands(application_id) == (AWAITING, "10.04")
        assert [line for line, _ in await town.history(application_id)] == [
            "issue_voucher",
            "term_extended",
        ]
    assert len(await town.post.rows(kind="term_extended")) == 5
    assert [one.extended for one in await town.noted()] == [5]


async def test_whoever_judges_and_sweeps_at_the_same_time_extends_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As two processes do that start at one moment beside a third that sweeps."""
    families = [await town.family(number) for number in range(1, 6)]
    await town.beat("09.04 22:30")
    town.go("10.04 00:40")
    monkeypatch.setattr(judging, "BATCH", 2)
    now, desk = town.post.now, town.post.desk
    another = Outages(desk.db, desk.book)
    await asyncio.gather(town.outages.begin(now), desk.sweep.run(now), another.begin(now))
    for application_id in families:
        assert await town.stands(application_id) == (AWAITING, "10.04")
    assert len(await town.post.rows(kind="term_extended")) == 5
    assert [one.extended for one in await town.noted()] == [5]
    audited = [i for e in await town.audited("terms_extended") for i in e.subjects["application"]]
    assert sorted(audited) == families


async def test_a_term_whose_new_end_cannot_be_counted_does_not_end(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    application_id = await town.family(1)
    await town.beat("09.04 22:30")
    town.go("10.04 00:40")

    def beyond(*_: object) -> None:
        raise YearNotCovered(2026)

    with monkeypatch.context() as patch:
        patch.setattr("core.outages.extending.new_last_day", beyond)
        await town.start()
    assert (await town.stands(application_id))[0] is AWAITING
    town.go("10.04 00:41")
    await town.start()
    assert await town.stands(application_id) == (AWAITING, "10.04")


DOWN = Span(moment("09.04 22:15"), moment("09.04 23:30"))


async def declared(town: Town) -> int:
    """Telegram was down in the evening: said the next morning."""
    found = await town.outages.touched(ADMINISTRATOR, Cause.TELEGRAM, DOWN, town.post.now)
    made = await town.outages.declare(None, Cause.TELEGRAM, Reason.ANNOUNCED, DOWN, town.post.now)
    assert await town.outages.judge(town.post.now) == found
    return made


async def test_a_declared_outage_takes_back_what_the_sweep_did_meanwhile(town: Town) -> None:
    first, second = await town.family(1), await town.family(2)
    await town.post.travel("10.04 10:00")
    assert (await town.stands(first))[0] is STOPPED
    await town.post.desk.act(second, town.post.people[2], Event.RESTORE)  # helped itself
    made = await declared(town)
    assert await declared(town) == made  # twice is once
    assert await town.stands(first) == (AWAITING, "10.04")
    assert (await town.stands(second))[0] is Status.IN_QUEUE
    assert (await town.history(first))[-2:] == [
        ("confirmation_reopened", "operator"),
        ("term_extended", "operator"),
    ]
    await town.post.travel("10.04 23:00")
    assert town.post.told(first)[-2:] == ["10.04 10:00 term_extended", "10.04 20:00 last_evening"]
    [entry] = await town.audited("outage_declared")
    assert entry.subjects == {"outage": [made]}
    assert entry.details["reason"] == "announced"
    await town.post.travel("11.04 00:00")
    assert (await town.stands(first))[0] is STOPPED


async def test_whom_nothing_has_reached_is_on_the_call_list_again(town: Town) -> None:
    """The miss has taken them off; who was reached, by then or since, is called no more."""
    for number in (1, 2):
        await town.post.family(number, chat=False)
        await town.post.voucher(number)
    await town.post.travel("09.04 22:00")
    first, second = await town.post.calls.listed(town.post.now)
    [sms] = await town.post.rows(application_id=second.application_id, channel="sms")
    assert sms.sms_id is not None
    async with town.post.desk.db.write() as session:
        await sms_reported(session, sms.sms_id, delivered=True, at=town.post.now)
    await town.post.travel("10.04 10:00")
    assert await town.post.listed() == []
    await declared(town)
    [call] = await town.post.calls.listed(town.post.now)
    assert (call.notice_id, call.until) == (first.notice_id, moment("11.04 00:00"))
    await town.post.travel("10.04 10:01")
    [sms] = await town.post.rows(kind="term_extended", channel="sms", application_id=1)
    assert sms.sms_id is not None
    async with town.post.desk.db.write() as session:
        await sms_reported(session, sms.sms_id, delivered=True, at=town.post.now)
    assert await town.post.listed() == []


async def test_only_an_administrator_declares_and_only_what_is_over(town: Town) -> None:
    now = town.post.now
    with pytest.raises(NotAllowed):
        await town.outages.declare(HEAD, Cause.TELEGRAM, Reason.REPORTED, DOWN, now)
    with pytest.raises(CannotDeclare) as refused:
        await town.outages.touched(ADMINISTRATOR, Cause.TELEGRAM, DOWN, now)
    assert refused.value.problem is Problem.TO_COME
    assert not await town.noted()


async def test_a_term_that_was_taken_back_and_missed_again_is_one_term(town: Town) -> None:
    """A press of the last minute was read late, and its code never came (D8)."""
    mine, other = await town.family(1), await town.family(2)
    desk, midnight = town.post.desk, moment("10.04 00:00")
    await town.post.travel(midnight)
    pressed = midnight - timedelta(seconds=2)
    person = town.post.people[1]
    await desk.signing.press(mine, person, 1, Event.CONFIRM_INTEREST, "kk", pressed)
    for code_id in await desk.codes.due(town.post.now):
        await desk.codes.deliver(code_id)
    await town.post.travel("10.04 10:00")
    assert (await town.stands(mine))[0] is STOPPED
    span = Span(moment("09.04 22:15"), moment("09.04 23:30"))
    now = town.post.now
    assert await town.outages.touched(None, Cause.GATEWAYS, span, now) == 2
    await town.outages.declare(None, Cause.GATEWAYS, Reason.ANNOUNCED, span, now)
    assert await town.outages.judge(now) == 2
    assert [(await town.stands(one))[0] for one in (mine, other)] == [AWAITING, AWAITING]


async def test_one_outage_that_cannot_be_judged_keeps_neither_others_nor_a_start(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    await town.family(1)
    await town.post.travel("09.04 23:50")
    now = town.post.now
    spans = [Span(moment(f"09.04 22:{m}"), moment("09.04 23:30")) for m in (15, 30)]
    for span in spans:
        await town.outages.declare(None, Cause.GATEWAYS, Reason.ANNOUNCED, span, now)
    whole, failing = judging.extend_running, iter([True])

    async def fails(*given: object) -> list[int]:
        if next(failing, False):
            raise AssertionError
        return await whole(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("core.outages.service.BATCHES", (fails,))
    await town.outages.begin(now)
    assert [one.due_at is None for one in await town.noted()] == [False, True]
