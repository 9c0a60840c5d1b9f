"""A family before the desk, as staff see it in the chat."""

import pytest
from aiogram.methods import SendDocument
from aiogram.types import BufferedInputFile

from bot.keyboards.staff.families import FamilyButton, FoundButton
from bot.keyboards.staff.family import PhoneButton, ResendButton, RestoreButton
from bot.screens.staff import families, family_acts
from core.applications.tables import ApplicationRecord
from core.families.values import Obstacle, Reason
from core.identity.rules import Iin
from core.notices.plan import Channel
from core.staff.rules import Member, Role
from locales.texts import texts
from tests import factories
from tests.integration.bot.acting import travel
from tests.integration.bot.conftest import IIN, Parent
from tests.integration.notices.post import moment
from tests.telegram_stub import labels

KK = texts("kk")
NAMES = ("Өмірзақ Іңкәр", "Өмірзақ Ғани")


async def become(parent: Parent, role: Role = Role.OPERATOR) -> Member:
    """The person of this chat is of staff; an operator serves Kokshetau."""
    await parent.enter()
    district = "kokshetau" if role is Role.OPERATOR else None
    return await parent.core.staff.grant(
        Iin(IIN), role, district, by=None, moment=parent.core.clock.now()
    )


async def families_of(parent: Parent) -> None:
    """Two in Kokshetau, and one in Akkol; their applicants are not this person."""
    now = parent.core.clock.now()
    for number in (2, 3, 4):
        await factories.application(parent.desk.db, now, number)
    async with parent.desk.db.write() as session:
        for number, name in zip((1, 2), NAMES, strict=True):
            record = await session.get_one(ApplicationRecord, number)
            record.child_name = name
        record = await session.get_one(ApplicationRecord, 3)
        record.district, record.child_name = "akkol", "Өмірзақ Айару"


@pytest.fixture
async def operator(parent: Parent) -> Parent:
    await become(parent)
    await families_of(parent)
    await parent.say("/find")
    return parent


def shown(parent: Parent) -> list[str]:
    """The newest buttons."""
    return labels(parent.telegram.newest.reply_markup)


async def acts(parent: Parent) -> list[str]:
    """What the audit log has of this chat, but for the roles."""
    now = parent.core.clock.now()
    head = await parent.core.staff.grant(
        Iin(factories.iin(900)), Role.ADMINISTRATOR, None, by=None, moment=now
    )
    since = moment("01.01 00:00")
    batches = parent.core.audit.entries(head, since, moment("31.12 00:00"))
    return [e.act for batch in [b async for b in batches] for e in batch if e.act[:4] != "role"]


async def test_a_family_is_found_by_a_part_of_its_name_and_opened(operator: Parent) -> None:
    await operator.say("омирзак")
    told = await operator.seen()
    assert all(name in told for name in NAMES)
    assert "Айару" not in told
    await operator.tap("Өмірзақ Іңкәр")
    told = await operator.seen()
    assert "ОДО.2026.2" in told
    assert "+77750000000" in told
    assert factories.iin(2) not in told
    assert Iin(factories.iin(2)).masked in told
    await operator.tap(KK.plain("Show the IINs"))
    assert factories.iin(2) in await operator.seen()
    await operator.tap(KK.plain("Back to the list"))
    assert NAMES[1] in await operator.seen()
    assert await acts(operator) == [
        "families_sought",
        "families_listed",
        "family_opened",
        "family_iin_shown",
        "families_listed",
    ]


async def test_an_iin_is_taken_off_the_chat_at_once_a_mistyped_one_too(operator: Parent) -> None:
    typed = await operator.say(factories.iin(2))
    assert NAMES[0] in await operator.seen()
    wrong = [await operator.say(text) for text in ("123456789012", "12345678901")]
    assert operator.telegram.deleted[-3:] == [typed, *wrong]


async def test_a_number_opens_its_family_at_once(operator: Parent) -> None:
    await operator.say("одо.2026.3")
    assert NAMES[1] in await operator.seen()
    assert KK.plain("Back to the list") not in shown(operator)


async def test_another_districts_application_is_told_as_if_it_did_not_exist(
    operator: Parent,
) -> None:
    """By number, IIN and name, and by a button that was made up."""
    answers = set()
    for typed in ("ОДО.2026.4", "ОДО.2026.5", factories.iin(4), factories.iin(5), "айару", "ъъъ"):
        await operator.say(typed)
        answers.add(await operator.seen())
    assert len(answers) == 1
    forged = (
        FamilyButton(family=3),
        FamilyButton(family=3, iin=True),
        PhoneButton(family=3),
        RestoreButton(family=3),
        RestoreButton(family=3, reason=Reason.FAULT, sure=True),
        ResendButton(family=3, channel=Channel.SMS),
    )
    for one in forged:
        for data in (one, one.model_copy(update={"family": 99})):
            await operator.press(data.pack())
            assert operator.telegram.toasts[-1] == families.unknown(KK)


async def test_a_list_that_is_forgotten_says_so(operator: Parent) -> None:
    await operator.press(FoundButton(page=1).pack())
    assert operator.telegram.toasts[-1] == families.forgotten(KK)


async def test_the_pages_of_an_older_search_do_not_turn_to_a_newer_one(operator: Parent) -> None:
    now = operator.core.clock.now()
    for number in range(11, 31):
        await factories.application(operator.desk.db, now, number)
    async with operator.desk.db.write() as session:
        for number in range(4, 24):
            record = await session.get_one(ApplicationRecord, number)
            record.child_name = ("Ахмет Алия", "Серік Дана")[number % 2]
    await operator.say("ахмет")
    message, on = operator.telegram.message_with("▶")
    await operator.tap("▶")
    assert "Алия" in await operator.seen()
    await operator.say("серик")
    newer = await operator.seen()
    await operator.press(on.callback_data or "", message)
    assert operator.telegram.toasts[-1] == families.forgotten(KK)
    assert await operator.seen() == newer


async def test_why_is_told_of_each_notice_and_of_one_in_detail(operator: Parent) -> None:
    now = operator.core.clock.now()
    await operator.core.applications.issue_voucher("ОДО.2026.2", actor="portal", moment=now)
    await operator.say("ОДО.2026.2")
    await operator.tap(KK.plain("Notices"))
    told = await operator.seen()
    assert told.splitlines()[1].startswith("1. 09.04.2026, 20:00")
    await operator.tap("1")
    assert KK.plain("Planned: {moment}", moment="09.04.2026, 20:00") in await operator.seen()
    await operator.tap(KK.plain("Back"))
    assert await operator.seen() == told
    await operator.tap(KK.plain("Back"))
    await operator.tap(KK.plain("History of changes"))
    assert KK.plain("portal akmola.kz") in await operator.seen()


async def test_a_notice_goes_again_once_in_some_minutes(operator: Parent) -> None:
    now = operator.core.clock.now()
    await operator.core.applications.issue_voucher("ОДО.2026.2", actor="portal", moment=now)
    await operator.say("ОДО.2026.2")
    assert KK.plain("Send the notice again") not in shown(operator)  # there is no chat
    for answer in ("The notice goes out again now.", family_acts.OBSTACLES[Obstacle.JUST_SENT]):
        await operator.tap(KK.plain("Send it again by SMS"))
        assert operator.telegram.toasts[-1] == KK.plain(answer)


async def test_a_phone_is_corrected_after_the_second_question(operator: Parent) -> None:
    await operator.say("ОДО.2026.2")
    await operator.tap(KK.plain("Correct the phone"))
    wrong = await operator.say("8 7162 25 00 00")
    right = await operator.say("8 701 765 43 21")
    assert operator.telegram.deleted[-2:] == [wrong, right]
    question = await operator.seen()
    assert "+77750000000" in question
    assert "+77017654321" in question
    await operator.tap(KK.plain("Yes, correct it"))
    assert operator.telegram.toasts[-1] == family_acts.phone_corrected(1, KK)
    told = await operator.seen()
    assert KK.plain("Phone, corrected by staff: {phone}", phone="+77017654321") in told
    await operator.press(PhoneButton(family=1, typed=1).pack())
    assert operator.telegram.toasts[-1] == family_acts.phone_forgotten(KK)


async def test_an_old_question_does_not_take_the_phone_typed_after_it(operator: Parent) -> None:
    await operator.say("ОДО.2026.2")
    await operator.tap(KK.plain("Correct the phone"))
    await operator.say("8 701 765 43 21")
    message, yes = operator.telegram.message_with(KK.plain("Yes, correct it"))
    await operator.say("8 702 111 22 33")
    await operator.press(yes.callback_data or "", message)
    assert operator.telegram.toasts[-1] == family_acts.phone_forgotten(KK)
    assert "+77750000000" in await operator.seen()


async def test_who_steps_back_from_the_phone_corrects_nothing(operator: Parent) -> None:
    await operator.say("ОДО.2026.2")
    await operator.tap(KK.plain("Correct the phone"))
    await operator.say("8 701 765 43 21")
    await operator.tap(KK.plain("Back"))
    await operator.press(PhoneButton(family=1, typed=1).pack())
    assert operator.telegram.toasts[-1] == family_acts.phone_forgotten(KK)
    await operator.say("ОДО.2026.3")  # what is typed is looked for again
    assert NAMES[1] in await operator.seen()


async def test_a_place_is_restored_with_a_reason_after_the_second_question(
    operator: Parent,
) -> None:
    now = operator.core.clock.now()
    await operator.core.applications.issue_voucher("ОДО.2026.2", actor="portal", moment=now)
    async with operator.desk.db.write() as session:
        (await session.get_one(ApplicationRecord, 1)).restored_at = now  # the right is used
    await travel(operator, moment("10.04 12:00"))
    await operator.say("ОДО.2026.2")
    await operator.tap(KK.plain("Restore the place in the queue"))
    await operator.tap("ауру немесе ауруханада болу")
    await operator.tap(KK.plain("Yes, restore"))
    assert operator.telegram.toasts[-1] == family_acts.restored(KK)
    assert "Кезекте" in await operator.seen()
    assert KK.plain("Restore the place in the queue") not in shown(operator)
    sure = RestoreButton(family=1, reason=Reason.ILLNESS, sure=True)
    await operator.press(sure.pack())
    assert operator.telegram.toasts[-1] == family_acts.not_restorable(KK)
    await operator.tap(KK.plain("History of changes"))
    assert "ауру немесе ауруханада болу" in await operator.seen()


async def test_the_audit_log_is_a_file_and_taking_it_is_in_the_log(parent: Parent) -> None:
    await become(parent, Role.ADMINISTRATOR)
    await families_of(parent)
    await parent.say("/find")
    await parent.say("омирзак")
    await parent.say("/desk")
    await parent.tap(KK.plain("Audit log"))
    parent.desk.clock.move(moment("07.04 12:00"))
    await parent.tap(KK.plain("Today"))
    data = newest_file(parent)
    assert data.startswith(b"\xef\xbb\xbf")
    lines = data.decode("utf-8-sig").splitlines()
    assert [line.split(";")[3] for line in lines[1:]] == [
        "role_granted",
        "families_sought",
        "families_listed",
    ]
    assert "application: 3, 2, 1" in lines[3]
    assert "Өмірзақ" not in data.decode()
    assert factories.iin(2) not in data.decode()
    parent.desk.clock.move(moment("08.04 12:00"))
    await parent.tap(KK.plain("Today"))
    assert len(newest_file(parent).splitlines()) == 1
    parent.desk.clock.move(moment("08.04 12:01"))
    await parent.tap(KK.plain("7 days"))
    assert newest_file(parent).decode().count("audit_exported") == 2


def newest_file(parent: Parent) -> bytes:
    file = [call.document for call in parent.telegram.calls if isinstance(call, SendDocument)][-1]
    assert isinstance(file, BufferedInputFile)
    return file.data
