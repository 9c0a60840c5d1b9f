"""Entering in the chat (R1-R4), and everything that can happen on the way."""

from datetime import timedelta

from aiogram.types import ReplyKeyboardMarkup, ReplyKeyboardRemove

from bot.keyboards.menu import MyDataButton
from core.applications.rules import Status
from tests import factories
from tests.factories import iin
from tests.integration.bot.conftest import IIN, PHONE, Parent


async def test_five_taps_and_three_messages_lead_from_start_to_the_application(
    parent: Parent,
) -> None:
    await factories.application(parent.desk.db, parent.desk.clock.now())
    await parent.enter()
    assert "ОДО.2026.1" in await parent.seen()
    visitor = await parent.core.visitors.load(1, parent.desk.clock.now())
    assert visitor.session
    assert visitor.awaiting is None


async def test_the_warning_and_the_consent_come_before_any_question(parent: Parent) -> None:
    await parent.say("/start")
    await parent.tap("Русский")
    await parent.tap("г. Кокшетау")
    await parent.tap("Войти")
    assert "ответственность" in await parent.seen()  # R4
    assert not (await parent.core.visitors.load(1, parent.desk.clock.now())).consented
    await parent.tap("Даю согласие")
    assert isinstance(parent.telegram.newest.reply_markup, ReplyKeyboardMarkup)
    assert (await parent.core.visitors.load(1, parent.desk.clock.now())).consented


async def test_iin_and_code_are_taken_off_the_chat(parent: Parent) -> None:
    await parent.enter()
    assert len(parent.telegram.deleted) == 2


async def test_a_mistyped_iin_is_taken_off_and_asked_for_again(parent: Parent) -> None:
    await _to_iin(parent)
    wrong = IIN[:11] + str((int(IIN[11]) + 1) % 10)
    message = await parent.say(wrong)
    assert message in parent.telegram.deleted
    assert "ЖСН қате терілген" in await parent.seen()
    await parent.say(IIN)
    assert "SMS" in await parent.seen()


async def test_an_own_phone_that_nobody_knows_is_said_plainly(parent: Parent) -> None:
    await _to_iin(parent)
    await parent.say(iin(2))
    assert "тіркелмеген" in await parent.seen()
    assert not parent.desk.pocket.messages


async def test_a_typed_pair_gets_the_same_answer_known_or_not(parent: Parent) -> None:
    answers = []
    for number in (iin(2), IIN):
        await _to_phone(parent)
        await parent.say("8 775 000-00-01")
        await parent.say(number)
        answers.append(await parent.seen())
        await parent.say("/cancel")
    assert answers[0] == answers[1]
    assert len(parent.desk.pocket.messages) == 1


async def test_someone_elses_contact_is_refused(parent: Parent) -> None:
    await _to_phone(parent)
    await parent.share(PHONE, owner=99)
    assert "басқа адамның" in await parent.seen()


async def test_a_wrong_code_tells_the_tries_that_are_left(parent: Parent) -> None:
    await _to_iin(parent)
    await parent.say(IIN)
    right = parent.desk.pocket.newest_code
    await parent.say(f"{(int(right) + 1) % 10**6:06}")
    assert "Қалған мүмкіндік: 4" in await parent.seen()
    await parent.say(right)
    assert (await parent.core.visitors.load(1, parent.desk.clock.now())).session


async def test_a_new_code_can_be_had_after_a_minute(parent: Parent) -> None:
    await _to_iin(parent)
    await parent.say(IIN)
    await parent.tap("Жаңа код алу")
    assert "минутына бір рет" in parent.telegram.toasts[-1]
    parent.desk.clock.move(parent.desk.clock.now() + timedelta(seconds=61))
    await parent.tap("Жаңа код алу")
    assert len(parent.desk.pocket.messages) == 2
    await parent.say(parent.desk.pocket.newest_code)
    assert (await parent.core.visitors.load(1, parent.desk.clock.now())).session


async def test_the_step_back_takes_the_phone_keyboard_away(parent: Parent) -> None:
    await _to_phone(parent)
    await parent.say("Артқа")
    removed = [c for c in parent.telegram.calls if _removes_keyboard(c)]
    assert removed
    assert (await parent.core.visitors.load(1, parent.desk.clock.now())).awaiting is None


async def test_start_again_opens_the_application_at_once(parent: Parent) -> None:
    await factories.application(parent.desk.db, parent.desk.clock.now())
    await parent.enter()
    await parent.say("/start from_a_link")
    assert "ОДО.2026.1" in await parent.seen()


async def test_a_press_after_the_session_asks_for_a_code_and_goes_on(parent: Parent) -> None:
    await parent.enter()
    await parent.say("/menu")
    parent.desk.clock.move(parent.desk.clock.now() + timedelta(days=31))
    await parent.tap("Менің деректерім")
    assert "Сеанс уақыты аяқталды" in await parent.seen()
    await parent.say(parent.desk.pocket.newest_code)
    assert "Ахметова Айгүл" in await parent.seen()
    assert "Менің деректерім" in await parent.seen()


async def test_a_press_of_long_ago_is_not_taken_up_again(parent: Parent) -> None:
    await parent.enter()
    await parent.say("/menu")
    parent.desk.clock.move(parent.desk.clock.now() + timedelta(days=31))
    await parent.tap("Менің деректерім")
    parent.desk.clock.move(parent.desk.clock.now() + timedelta(hours=2))
    await parent.say("/start")
    await parent.tap("Кіру")
    await parent.say(parent.desk.pocket.newest_code)
    assert "Менің деректерім" not in await parent.seen()


async def test_an_old_button_while_the_code_is_on_its_way_keeps_the_code(parent: Parent) -> None:
    await _to_iin(parent)
    await parent.say(IIN)
    await parent.press(MyDataButton().pack())
    assert "кодты күтіп тұрмын" in await parent.seen()
    await parent.say(parent.desk.pocket.newest_code)
    assert "Менің деректерім" in await parent.seen()


async def test_someone_elses_application_is_refused_and_nothing_is_shown(parent: Parent) -> None:
    theirs = await factories.application(parent.desk.db, parent.desk.clock.now(), number=2)
    await parent.enter()
    before = len(parent.telegram.texts)
    await parent.press(f"app:{theirs}:1:s")
    assert len(parent.telegram.texts) == before
    assert parent.telegram.toasts


async def test_cancelling_gives_up_what_waits_for_a_code(parent: Parent) -> None:
    application = await factories.application(parent.desk.db, parent.desk.clock.now())
    await parent.core.applications.issue_voucher(
        "ОДО.2026.1", actor="portal", moment=parent.desk.clock.now()
    )
    await parent.enter()
    await parent.tap("Растау")
    await parent.say("/cancel")
    await parent.say(parent.desk.pocket.newest_code)
    person = (await parent.core.visitors.load(1, parent.desk.clock.now())).person
    assert person is not None
    card = await parent.core.applications.card(application, person, parent.desk.clock.now())
    assert card.status is Status.AWAITING_CONFIRMATION


async def test_logging_out_is_asked_once_more_and_ends_link_and_session(parent: Parent) -> None:
    await parent.enter()
    await parent.say("/logout")
    assert (await parent.core.visitors.load(1, parent.desk.clock.now())).session
    await parent.tap("Иә, шығамын")
    visitor = await parent.core.visitors.load(1, parent.desk.clock.now())
    assert visitor.person is None


async def test_consent_is_withdrawn_only_after_what_follows_was_said(parent: Parent) -> None:
    await parent.enter()
    await parent.say("/mydata")
    await parent.tap("Келісімді кері алу")
    assert "akmola.kz" in await parent.seen()
    assert (await parent.core.visitors.load(1, parent.desk.clock.now())).session
    await parent.tap("Иә, келісімді кері аламын")
    visitor = await parent.core.visitors.load(1, parent.desk.clock.now())
    assert visitor.person is None
    assert not visitor.consented


async def test_entering_elsewhere_moves_the_link_and_says_so(parent: Parent) -> None:
    await parent.enter()
    elsewhere = Parent(parent.desk, parent.core, parent.dispatcher, parent.telegram, id=2)
    parent.desk.clock.move(parent.desk.clock.now() + timedelta(minutes=2))
    await elsewhere.enter()
    assert any("бұрынғы чат ажыратылды" in text for text in parent.telegram.texts)
    assert (await parent.core.visitors.load(1, parent.desk.clock.now())).person is None


async def _to_phone(parent: Parent) -> None:
    await parent.say("/start")
    if (await parent.seen()).startswith("👋"):
        await parent.tap("Қазақша")
        await parent.tap("Көкшетау қаласы")
    await parent.tap("Кіру")
    if not (await parent.core.visitors.load(parent.id, parent.desk.clock.now())).consented:
        await parent.tap("Келісемін")


async def _to_iin(parent: Parent) -> None:
    await _to_phone(parent)
    await parent.share(PHONE)


def _removes_keyboard(call: object) -> bool:
    return isinstance(getattr(call, "reply_markup", None), ReplyKeyboardRemove)
