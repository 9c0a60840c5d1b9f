"""A consent is each person's own (R4), also in a chat that two people use."""

from datetime import date, timedelta

from core.citizens.port import Citizen
from core.citizens.table import TableCitizens
from core.identity.rules import Iin, Phone
from tests import factories
from tests.integration.bot.conftest import Parent

OTHER_IIN, OTHER_PHONE = factories.iin(2), "+77750000002"


async def test_another_person_in_the_same_chat_gives_their_own_consent(parent: Parent) -> None:
    """The first one's session has ended; the chat is theirs still."""
    citizens = TableCitizens(parent.desk.db)
    other = Citizen(Iin(OTHER_IIN), Phone(OTHER_PHONE), "Омаров Данияр", date(1990, 5, 17))
    await citizens.add([other])
    await parent.enter()
    await parent.say("/menu")
    parent.desk.clock.move(parent.desk.clock.now() + timedelta(days=31))
    await parent.tap("Менің деректерім")
    await parent.tap("Басқа телефон немесе ЖСН")
    assert "Келісімді" in await parent.seen()
    await parent.tap("Келісемін")
    await parent.say(OTHER_PHONE)
    await parent.say(OTHER_IIN)
    await parent.say(parent.desk.pocket.newest_code)
    person = (await parent.core.visitors.load(parent.id, parent.desk.clock.now())).person
    assert person is not None
    assert person.iin.value == OTHER_IIN
    assert len((await parent.core.login.my_data(person.id)).consents) == 1
