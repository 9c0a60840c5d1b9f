"""A consent is each person's own (R4), also in a chat that two people use."""

import json
from datetime import date, timedelta

from aiogram.methods import SendDocument
from aiogram.types import BufferedInputFile

from bot.keyboards.mydata import WithdrawButton
from core.citizens.port import Citizen
from core.citizens.table import TableCitizens
from core.identity.rules import Iin, Phone
from core.login.values import MyData
from tests import factories
from tests.integration.bot.acting import confirm, with_voucher
from tests.integration.bot.conftest import PHONE, Parent
from tests.telegram_stub import labels

OTHER_IIN, OTHER_PHONE = factories.iin(2), "+77750000002"


async def know_another(parent: Parent) -> None:
    """The citizens' base knows somebody else, too."""
    other = Citizen(Iin(OTHER_IIN), Phone(OTHER_PHONE), "Омаров Данияр", date(1990, 5, 17))
    await TableCitizens(parent.desk.db).add([other])


async def data_of_another(parent: Parent) -> MyData:
    """They enter in the same chat, which has their phone by now: what is held about them."""
    await parent.say(OTHER_IIN)
    await parent.say(parent.desk.pocket.newest_code)
    person = (await parent.core.visitors.load(parent.id, parent.desk.clock.now())).person
    assert person is not None
    assert person.iin.value == OTHER_IIN
    return await parent.core.login.my_data(person.id)


async def test_another_person_in_the_same_chat_gives_their_own_consent(parent: Parent) -> None:
    """The first one's session has ended; the chat is theirs still."""
    await know_another(parent)
    await parent.enter()
    await parent.say("/menu")
    parent.desk.clock.move(parent.desk.clock.now() + timedelta(days=31))
    await parent.tap("Менің деректерім")
    await parent.tap("Басқа телефон немесе ЖСН")
    assert "Келісімді" in await parent.seen()
    await parent.tap("Келісемін")
    await parent.say(OTHER_PHONE)
    assert len((await data_of_another(parent)).consents) == 1


async def test_an_old_button_enters_nobody_who_has_withdrawn_the_consent(parent: Parent) -> None:
    """They are asked for it again (R4), and no code goes out."""
    await parent.enter()
    await parent.press(WithdrawButton(sure=True).pack())
    parent.desk.clock.move(parent.desk.clock.now() + timedelta(minutes=2))
    codes = len(parent.desk.pocket.messages)
    await parent.tap("Жаңа код алу")
    assert "Келісемін" in labels(parent.telegram.newest.reply_markup)
    assert len(parent.desk.pocket.messages) == codes


async def test_whoever_enters_after_a_log_out_gives_their_own_consent(parent: Parent) -> None:
    """One was given for somebody who has not entered in the end."""
    await parent.enter()
    await parent.tap("Басқа телефон немесе ЖСН")
    await parent.tap("Келісемін")
    await parent.say("/menu")
    await parent.say("/logout")
    await parent.tap("Иә, шығамын")
    visitor = await parent.core.visitors.load(parent.id, parent.desk.clock.now())
    assert not visitor.consented


async def test_another_phone_can_be_shared_while_the_session_lives(parent: Parent) -> None:
    await parent.enter()
    await parent.core.visitors.mute(parent.id, True, parent.desk.clock.now())
    await know_another(parent)
    await parent.tap("Басқа телефон немесе ЖСН")
    await parent.tap("Келісемін")
    await parent.share(OTHER_PHONE)
    assert not (await data_of_another(parent)).muted, "that was the first one's wish"


async def test_what_happens_with_the_data_leads_back_to_the_consent(parent: Parent) -> None:
    await parent.say("/start")
    await parent.tap("Қазақша")
    await parent.tap("Көкшетау қаласы")
    await parent.tap("Кіру")
    asked = await parent.seen()
    await parent.tap("Деректерім қалай пайдаланылады?")
    assert await parent.seen() != asked
    await parent.tap("Артқа")
    assert await parent.seen() == asked
    await parent.tap("Келісемін")
    await parent.share(PHONE)


async def test_the_file_of_my_data_has_the_history_and_what_was_signed(parent: Parent) -> None:
    await confirm(await with_voucher(parent))
    await parent.say("/mydata")
    await parent.tap("Деректерімді файлмен алу")
    sent = next(c for c in parent.telegram.calls if isinstance(c, SendDocument))
    assert isinstance(sent.document, BufferedInputFile)
    application = json.loads(sent.document.data)["Өтініштер"][0]
    assert len(application["Өзгерістер тарихы"]) == 2
    assert "confirm_interest" in application["Қойылған қолдар"][0]["Қол қойылған мәтін"]
