"""The vouchers' room of the desk, as an operator goes through it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from aiogram.methods import SendDocument
from aiogram.types import BufferedInputFile

from bot.screens.staff import desk, leaves
from core.places.leave_values import LeaveProblem
from core.staff.rules import Role
from locales.texts import texts
from tests import factories
from tests.integration.bot.acting import seen, with_role
from tests.integration.bot.conftest import Parent
from tests.integration.bot.posting import Working, working
from tests.integration.vouchers import queues
from tests.telegram_stub import labels

KK = texts("kk")
OUT_OF_TURN = KK(
    "The order of the queue is passed over: this child gets the voucher, whatever its number."
)
OPERATOR, HEAD = (Role.OPERATOR, "kokshetau"), (Role.HEAD, None)


@pytest.fixture
async def operator(parent: Parent) -> Parent:
    """Operator of Kokshetau, in the chat."""
    return await with_role(parent, *OPERATOR)


@pytest.fixture
async def at_work(operator: Parent) -> AsyncIterator[Working]:
    """The same, with a worker."""
    async with working(operator) as worker:
        yield worker


def sheet(parent: Parent) -> list[list[object]]:
    """The rows of the file that came last."""
    sent = [call for call in parent.telegram.calls if isinstance(call, SendDocument)][-1]
    assert isinstance(sent.document, BufferedInputFile)
    [found] = openpyxl.load_workbook(BytesIO(sent.document.data)).worksheets
    return [[cell.value for cell in row] for row in found.iter_rows()]


async def test_an_operator_distributes_fifty_vouchers(at_work: Working) -> None:
    operator = at_work.parent
    ids = await queues.queue(operator.desk.db, operator.desk.clock, 70, first=100)
    await factories.place(operator.desk.db, free=60)
    await operator.say("/vouchers")
    await operator.tap(KK.plain("Distribute"))
    assert "<b>60</b>" in seen(operator)
    await operator.tap("50")
    assert KK("Vouchers to issue: <b>{number}</b>. To whom: in the file.", number=50) in seen(
        operator
    )
    rows = sheet(operator)
    assert len(rows) == 51
    assert rows[1][3] == "ОДО.2026.100"
    assert await queues.with_voucher(operator.desk.db) == []
    await operator.say("49")  # not the number
    await at_work.send()
    assert await queues.with_voucher(operator.desk.db) == []
    await operator.say("50")
    await at_work.send()
    assert await queues.with_voucher(operator.desk.db) == ids[:50]
    assert KK("✅ <b>Vouchers issued: {done} of {number}</b>", done=50, number=50) in seen(operator)
    await operator.say("50")  # typed once more: nothing waits for it
    await at_work.send()
    assert len(await queues.with_voucher(operator.desk.db)) == 50


async def test_a_number_may_be_typed_and_is_cut_to_what_there_is_room_for(at_work: Working) -> None:
    operator = at_work.parent
    await queues.queue(operator.desk.db, operator.desk.clock, 9, first=100)
    await factories.place(operator.desk.db, free=7)
    await operator.say("/vouchers")
    await operator.tap(KK.plain("Distribute"))
    for wrong in ("жеті", "0", "9999999", "1.5"):
        await operator.say(wrong)
        assert KK("Type how many vouchers, as a number from 1.") in seen(operator)
    await operator.say("100")
    await operator.say("7")
    await at_work.send()
    assert len(await queues.with_voucher(operator.desk.db)) == 7


async def test_a_dry_run_that_has_grown_stale_says_so_in_the_end(at_work: Working) -> None:
    operator = at_work.parent
    db, clock = operator.desk.db, operator.desk.clock
    await queues.queue(db, clock, 3, first=100)
    await factories.place(db, free=9)
    await operator.say("/vouchers")
    await operator.tap(KK.plain("Distribute"))
    await operator.tap(KK.plain("All: {number}", number=3))
    async with db.write() as session:
        session.add(queues.waiting(99, clock.now() - timedelta(days=99)))
    await operator.say("3")
    await at_work.send()
    assert len(await queues.with_voucher(db)) == 3
    assert "99" not in str(sheet(operator))
    told = KK(
        "The queue has changed since the dry run: {number} of them went to applications "
        "that are not in the file, because they were first.",
        number=1,
    )
    assert told in seen(operator)


async def test_an_error_stops_a_distribution_and_is_told(
    at_work: Working, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = at_work.parent
    await queues.queue(operator.desk.db, operator.desk.clock, 3, first=100)
    await factories.place(operator.desk.db, free=9)
    await operator.say("/vouchers")
    await operator.tap(KK.plain("Distribute"))
    await operator.tap(KK.plain("All: {number}", number=3))

    async def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("core.vouchers.distribution._go_on", broken)
    await operator.say("3")
    await at_work.send()
    assert KK(
        "⚠️ <b>The distribution has stopped: {done} of {number} issued</b>", done=0, number=3
    ) in seen(operator)


async def test_a_head_sees_all_districts_and_may_take_the_region_at_once(parent: Parent) -> None:
    head = await with_role(parent, *HEAD)
    db, clock = head.desk.db, head.desk.clock
    await queues.queue(db, clock, 3, first=100)
    await queues.queue(db, clock, 3, first=200, district="akkol")
    await factories.place(db, free=2)
    await factories.place(db, free=1, district="akkol")
    await head.say("/vouchers")
    await head.tap(KK.plain("Distribute"))
    shown = labels(head.telegram.newest.reply_markup)
    assert "Көкшетау қаласы: 2" in shown
    assert "Ақкөл ауданы: 1" in shown
    await head.tap(f"{desk.district(None, KK)}: 3")
    async with working(head) as worker:
        await head.say("3")
        await worker.send()
    assert len(await queues.with_voucher(db)) == 3


async def test_one_voucher_is_issued_by_its_number_and_withdrawn_with_a_reason(
    at_work: Working,
) -> None:
    operator = at_work.parent
    db = operator.desk.db
    [mine] = await queues.queue(db, operator.desk.clock, 1, first=100)
    await operator.say("/vouchers")
    await operator.tap(KK.plain("One application"))
    await operator.say(" ОДО.2026.100 ")
    assert "Child 100" in seen(operator)
    await operator.tap(KK.plain("Issue a voucher"))
    assert KK("⚠️ There is no free place for this voucher.") in seen(operator)
    assert OUT_OF_TURN in seen(operator)
    assert await queues.with_voucher(db) == []
    message, yes = operator.telegram.message_with(KK.plain("Yes, issue it"))
    await operator.tap(KK.plain("Yes, issue it"))
    assert await queues.with_voucher(db) == [mine]
    await operator.press(yes.callback_data or "", message)  # the same button again
    assert operator.telegram.toasts[-1] == KK.plain(
        "The application has changed meanwhile. It is shown as it stands now."
    )
    await operator.tap(KK.plain("Withdraw the voucher"))
    await operator.tap("Техникалық қатемен берілген")
    assert await queues.with_voucher(db) == [mine]
    await operator.tap(KK.plain("Yes, withdraw it"))
    assert await queues.with_voucher(db) == []
    assert await queues.told(db, "voucher_withdrawn") == [mine]


async def test_the_last_place_that_goes_meanwhile_is_told_before_a_voucher_is_issued(
    operator: Parent,
) -> None:
    db, clock = operator.desk.db, operator.desk.clock
    mine, other = await queues.queue(db, clock, 2, first=100)
    await factories.place(db, free=1)
    await operator.say("/vouchers")
    await operator.tap(KK.plain("One application"))
    await operator.say("ОДО.2026.100")
    await operator.tap(KK.plain("Issue a voucher"))
    assert KK("⚠️ There is no free place for this voucher.") not in seen(operator)
    await operator.core.applications.issue_voucher("ОДО.2026.101", actor="p", moment=clock.now())
    await operator.tap(KK.plain("Yes, issue it"))
    assert KK("⚠️ There is no free place for this voucher.") in seen(operator)
    assert await queues.with_voucher(db) == [other]
    await operator.tap(KK.plain("Yes, issue it"))
    assert await queues.with_voucher(db) == [mine, other]


async def test_another_districts_number_is_answered_as_one_that_does_not_exist(
    operator: Parent,
) -> None:
    await queues.queue(operator.desk.db, operator.desk.clock, 1, first=100, district="akkol")
    await operator.say("/vouchers")
    await operator.tap(KK.plain("One application"))
    said = []
    for number in ("ОДО.2026.100", "ОДО.2026.404"):
        await operator.say(number)
        said.append(seen(operator))
    assert said[0] == said[1]


@pytest.mark.parametrize("typed", ["одо.2026.100", "odo.2026.100", " ОДО. 2026. 100 "])
async def test_a_number_is_found_however_it_is_typed(operator: Parent, typed: str) -> None:
    """In the room of the vouchers and that of the leaves, as in the search for a family."""
    await queues.queue(operator.desk.db, operator.desk.clock, 1, first=100)
    await operator.say("/vouchers")
    await operator.tap(KK.plain("One application"))
    await operator.say(typed)
    assert "ОДО.2026.100" in seen(operator)
    await operator.say("/leaves")
    await operator.tap(KK.plain("Register a leave"))
    await operator.say(typed)
    assert seen(operator) == leaves.refused(LeaveProblem.NOT_ENROLLED, KK).text


async def test_buttons_of_another_district_do_nothing(operator: Parent) -> None:
    """Made by hand, or by an operator who has moved since."""
    db = operator.desk.db
    [there] = await queues.queue(db, operator.desk.clock, 1, first=100, district="akkol")
    await factories.place(db, free=3, district="akkol")
    for data in (
        "s.vk:akkol:1",
        "s.vk:x:1",
        "s.vk::-3",
        f"s.vi:{there}:1:1:1",
        f"s.vi:{there}:1:1:0",
        f"s.vi:{there}:1:0:0",
        f"s.vw:{there}:1:technical:1",
        f"s.lr:{there}:20260901:20260930",
        f"s.lr:{there}:1:2",
        "s.lo:77:1:1",
    ):
        await operator.press(data)
        assert "Child 100" not in seen(operator)
    assert await queues.statuses(db) == {there: "in_queue"}


async def test_a_leave_is_registered_and_ended(at_work: Working) -> None:
    operator = at_work.parent
    db, clock = operator.desk.db, operator.desk.clock
    place = await factories.place(db, free=0)
    async with db.write() as session:
        enrolled = queues.waiting(100, clock.now(), status="enrolled")
        enrolled.place_id = place
        session.add(enrolled)
    await operator.say("/leaves")
    await operator.tap(KK.plain("Register a leave"))
    await operator.say("ОДО.2026.100")
    for wrong in ("кейін", "20.04.2026", "31.02.2026 – 30.02.2026", "15.05.2026 – 20.04.2026"):
        await operator.say(wrong)
        assert KK.plain("Yes, register it") not in labels(operator.telegram.newest.reply_markup)
    await operator.say("07.04.2026-15.05.2026")
    _, yes = operator.telegram.message_with(KK.plain("Yes, register it"))
    await operator.tap(KK.plain("Yes, register it"))
    assert KK.plain("✅ The leave is registered. The place opens and closes by itself.") in seen(
        operator
    )
    await operator.press(yes.callback_data or "")  # once more: it is there already
    await at_work.send()
    await operator.tap("Child 100")
    await operator.tap(KK.plain("End it now"))
    await operator.tap(KK.plain("Yes, end it"))
    assert KK.plain("The leave has ended, the temporary place is closed.") in seen(operator)
