"""Sending codes: each goes out, none goes out twice, and no digits stay behind."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from core.codes.tables import CodeRecord
from core.codes.values import Outcome
from core.sms.port import Answer, Sms, Unknown
from tests.integration.codes.conftest import Desk
from tests.integration.inbox import DOWN, TAKEN, everything_at_rest, wrong


def hold_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> tuple[asyncio.Event, asyncio.Event]:
    """The gateway lets a message wait: (it has come, let it through)."""
    came, through = asyncio.Event(), asyncio.Event()
    at_once = desk.inbox.send

    async def send(sms: Sms) -> Answer:
        came.set()
        await through.wait()
        return await at_once(sms)

    monkeypatch.setattr(desk.inbox, "send", send)
    return came, through


async def test_no_digits_are_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.codes.rules.digits_of", lambda *_: "048151")
    code_id = await desk.sent()
    assert desk.inbox.sent[0].text == "sign kk 048151"
    assert (await desk.enter(code_id, "048151", "update")).outcome is Outcome.RIGHT
    at_rest = await everything_at_rest(desk.database)
    assert "048151" not in at_rest
    assert "870515300129" not in at_rest  # whose code it is, is a keyed hash too


async def test_asking_wakes_the_worker_and_names_the_code(desk: Desk) -> None:
    rung: list[int] = []
    desk.database.on_work("codes", lambda: rung.append(1))
    code_id = await desk.ask()
    assert rung == [1]
    assert await desk.codes.due(desk.clock.now()) == [code_id]
    assert (await desk.due()).codes == desk.clock.now()
    await desk.codes.deliver(code_id)
    assert await desk.codes.due(desk.clock.now() + timedelta(days=1)) == []
    assert (await desk.due()).codes is None


@pytest.mark.parametrize("answer", [TAKEN, DOWN, Unknown()])
async def test_a_decoy_answers_as_the_last_real_code_did(desk: Desk, answer: Answer) -> None:
    """Who names an IIN and a phone must not learn whether they belong together (R3), whatever the
    gateways do."""
    desk.inbox.answer = desk.inbox.told = answer
    real = await desk.ask()
    taken = await desk.codes.deliver(real)
    desk.later(minutes=1)
    decoy = await desk.ask(decoy=True, target_id=2)
    assert await desk.codes.deliver(decoy) == taken
    outcome = await desk.enter(real, wrong(desk.inbox.digits))
    assert await desk.enter(decoy, wrong(desk.inbox.digits)) == outcome


async def test_each_code_has_digits_of_its_own(desk: Desk) -> None:
    await desk.sent()
    first = desk.inbox.digits
    desk.later(minutes=1)
    await desk.sent()
    assert desk.inbox.digits != first


async def test_a_code_is_sent_once_however_many_send_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    came, through = hold_back(desk, monkeypatch)
    code_id = await desk.ask()
    async with asyncio.TaskGroup() as group:
        sending = [group.create_task(desk.codes.deliver(code_id)) for _ in range(3)]
        await came.wait()
        await asyncio.sleep(0.05)
        through.set()
    assert [task.result() for task in sending] == [True, True, True]
    assert len(desk.inbox.sent) == 1
    assert await desk.codes.deliver(code_id)  # also afterwards
    assert len(desk.inbox.sent) == 1


async def test_a_delivery_cut_off_by_a_kill_is_done_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its message may have come to the phone: the second one must not make it wrong."""
    code_id, answered = await desk.ask(), asyncio.Event()

    async def never_noted(*_: object) -> None:
        answered.set()
        await asyncio.Event().wait()

    with monkeypatch.context() as patched:
        patched.setattr(desk.codes, "_settle", never_noted)
        async with asyncio.TaskGroup() as group:
            delivery = group.create_task(desk.codes.deliver(code_id))
            await answered.wait()
            delivery.cancel()
    first = desk.inbox.digits
    assert await desk.codes.due(desk.clock.now()) == []
    desk.later(minutes=1)
    assert await desk.codes.due(desk.clock.now()) == [code_id]
    assert await desk.codes.deliver(code_id)
    assert len(desk.inbox.sent) == 2
    assert (await desk.enter(code_id, first)).outcome is Outcome.RIGHT


async def test_nobody_waits_for_a_delivery_that_was_cut_off_until_its_lease_ends(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits holds back all that the parent does, also the code that has come already."""
    code_id = await desk.ask()
    with monkeypatch.context() as patched:
        came, _ = hold_back(desk, patched)
        async with asyncio.TaskGroup() as group:
            killed = group.create_task(desk.codes.deliver(code_id))
            await came.wait()
            killed.cancel()
    began = desk.clock.now()

    async def pause(_: float) -> None:
        desk.later(seconds=1)

    monkeypatch.setattr("core.codes.service.asyncio.sleep", pause)
    assert not await desk.codes.deliver(code_id)
    assert desk.clock.now() == began + timedelta(seconds=10)


async def test_a_delivery_that_outlives_its_lease_spoils_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    code_id = await desk.ask()
    async with asyncio.TaskGroup() as group:
        with monkeypatch.context() as patched:
            came, late = hold_back(desk, patched)
            slow = group.create_task(desk.codes.deliver(code_id))
            await came.wait()
        desk.later(minutes=1)
        with monkeypatch.context() as patched:
            came, through = hold_back(desk, patched)
            second = group.create_task(desk.codes.deliver(code_id))
            await came.wait()
        desk.inbox.answer = DOWN
        late.set()
        assert not await slow
        desk.inbox.answer = TAKEN
        through.set()
    assert second.result()
    assert (await desk.enter(code_id, desk.inbox.digits)).outcome is Outcome.RIGHT


async def test_a_code_may_be_entered_before_its_gateway_answers(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.codes.rules.digits_of", lambda *_: "048151")
    came, through = hold_back(desk, monkeypatch)
    code_id = await desk.ask()
    async with asyncio.TaskGroup() as group:
        sending = group.create_task(desk.codes.deliver(code_id))
        await came.wait()
        assert (await desk.enter(code_id, "048151")).outcome is Outcome.RIGHT
        desk.inbox.answer = DOWN  # and if it then says no, the code stays used
        through.set()
    assert not sending.result()
    assert (await desk.enter(code_id, "048151", "other")).outcome is Outcome.USED
    assert (await desk.due()).codes is None


async def test_a_code_replaced_while_it_is_sent_stays_dead(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        came, through = hold_back(desk, patched)
        old = await desk.ask()
        async with asyncio.TaskGroup() as group:
            group.create_task(desk.codes.deliver(old))
            await came.wait()
            desk.later(minutes=1)
            new = await desk.ask()
            through.set()
    assert (await desk.enter(old, desk.inbox.digits)).outcome is Outcome.EXPIRED
    assert await desk.codes.due(desk.clock.now()) == [new]


async def test_no_code_outlives_its_cap(desk: Desk) -> None:
    cap = desk.clock.now() + timedelta(minutes=2)
    code_id = await desk.sent(cap=cap)
    assert (await desk.row(code_id)).expires_at == cap


async def test_a_code_past_its_cap_is_not_sent_any_more(desk: Desk) -> None:
    code_id = await desk.ask(cap=desk.clock.now() + timedelta(minutes=2))
    desk.later(minutes=2)
    assert not await desk.codes.deliver(code_id)
    assert desk.inbox.sent == []
    assert (await desk.due()).codes is None
    assert (await desk.enter(code_id, "123456")).outcome is Outcome.EXPIRED


async def test_who_waits_for_the_delivery_is_told_in_the_same_transaction(desk: Desk) -> None:
    told: list[tuple[int, bool]] = []

    async def note(session: AsyncSession, code: CodeRecord) -> None:
        told.append((code.target_id, code.expires_at == desk.clock.now() + timedelta(minutes=5)))
        if len(told) == 1:
            raise LookupError

    desk.codes.on_delivered = note
    code_id = await desk.ask(target_id=77)
    with pytest.raises(LookupError):
        await desk.codes.deliver(code_id)
    assert (await desk.row(code_id)).retry_at is not None  # not marked: both or neither
    desk.later(minutes=1)
    assert await desk.codes.deliver(code_id)
    assert told == [(77, True), (77, True)]


@pytest.mark.parametrize("answer", [TAKEN, DOWN])
async def test_a_decoy_takes_as_long_and_ends_as_the_last_real_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    slept: list[float] = []
    real_sleep = asyncio.sleep

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await real_sleep(0)

    async def slow(sms: Sms) -> Answer:
        await real_sleep(0.2)
        return answer

    monkeypatch.setattr(desk.inbox, "send", slow)
    known = await desk.codes.deliver(await desk.ask())
    monkeypatch.setattr("core.codes.service.asyncio.sleep", sleep)
    code_id = await desk.ask(decoy=True, chat_id=2, iin="0" * 12)
    assert await desk.codes.deliver(code_id) is known
    assert 0.2 <= slept[0] < 2
