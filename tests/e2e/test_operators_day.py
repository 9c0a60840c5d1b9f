"""An operator's days at the desk: fifty vouchers, families who answer or do not, the call list."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core.applications.tables import ApplicationRecord
from core.db.engine import Database
from core.places.tables import LeaveRecord
from seed.people import SAULE, START
from tests.delivery.families import Family, enrol, seat
from tests.e2e.player import Desk, Player
from tests.e2e.ways import enter
from tests.factories import iin

VOUCHERS = 50
CONFIRMING, REFUSING, LOOKING = range(3)
"""Of the families that have a chat. The next ones have a phone that is on; the last two nothing."""
RIGHT_PHONE = "+7 775 000 77 77"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: what the desk does is tested on both."""
    return sqlite_url


@dataclass
class District:
    """The families at the head of Kokshetau's queue, and the operator."""

    desk: Desk
    db: Database
    families: list[Family]
    operator: Player

    async def statuses(self) -> dict[str, str]:
        """Of each family's application."""
        async with self.db.read() as session:
            rows = await session.execute(
                select(ApplicationRecord.registration_number, ApplicationRecord.status)
            )
            found = dict(rows.all())
        return {family.number: found[family.number] for family in self.families}


def family(number: int) -> Family:
    chat, silent = number <= LOOKING, number >= VOUCHERS - 2
    return Family(
        id=0,
        iin=iin(4000 + number),
        phone=f"+7775{number:07d}",
        language="kk",
        chat=chat,
        blocked=False,
        looks=0,
        receipts=None if silent else "none" if chat else "delivered",
    )


@pytest.fixture
async def district(desk: Desk) -> District:
    assert desk.app is not None
    db: Database = desk.app.state.house.core.db
    families = [family(number) for number in range(VOUCHERS)]
    await seat(desk, families)
    await enrol(db, families, START)
    async with db.write() as session:  # before everybody else who waits
        numbers = [one.number for one in families]
        await session.execute(
            update(ApplicationRecord)
            .where(ApplicationRecord.registration_number.in_(numbers))
            .values(category="out_of_turn", registered_at=START - timedelta(days=900))
        )
    operator = desk.player(SAULE.id)
    await enter(operator)
    return District(desk, db, families, operator)


async def test_an_operator_sees_fifty_vouchers_through(district: District) -> None:
    await distribute(district)
    await answer(district)
    await call(district)
    await lend(district)
    await district.operator.say("/stats")
    assert any(message["photo"] for message in district.operator.heard)


async def distribute(district: District) -> None:
    operator = district.operator
    await operator.say("/vouchers")
    await operator.press("Distribute")
    await operator.press_label(str(VOUCHERS))
    await operator.say(str(VOUCHERS))
    assert set((await district.statuses()).values()) == {"awaiting_confirmation"}


async def answer(district: District) -> None:
    """Their sessions are over: a code opens the door, another one signs."""
    confirming, refusing, looking = (
        district.desk.player(district.families[number].id)
        for number in (CONFIRMING, REFUSING, LOOKING)
    )
    await confirming.press("✅ Confirm")
    await confirming.type_code()
    await confirming.type_code()
    await refusing.press("❌ Refuse the voucher")
    await refusing.type_code()
    await refusing.press("Yes, I refuse")
    await refusing.type_code()
    await looking.say("/menu")
    statuses = await district.statuses()
    assert statuses[district.families[CONFIRMING].number] == "voucher_issued"
    assert statuses[district.families[REFUSING].number] == "archived"


async def call(district: District) -> None:
    """On the last day two families stand on the list: one answers, of the other the number was
    wrong, and is put right."""
    operator = district.operator
    await district.desk.travel("2026-04-09T09:00")
    await operator.say("/calls")
    for number, one in enumerate(district.families):
        assert (one.number in await operator.screen()) is (number >= VOUCHERS - 2)
    await operator.press_label("1 ✅")
    await operator.press("Next on the list")
    await operator.press_label("1 ❌")
    await operator.press("Correct the phone")
    await operator.say(RIGHT_PHONE)
    await operator.press("Yes, correct it")
    arrived = await district.desk.get("/sim/sms", phone=RIGHT_PHONE.replace(" ", ""))
    assert arrived, "what had failed for the number's sake goes out again"


async def lend(district: District) -> None:
    """A child of the district leaves for a sanatorium for a while."""
    operator = district.operator
    async with district.db.read() as session:
        number = await session.scalar(
            select(ApplicationRecord.registration_number).where(
                ApplicationRecord.district == "kokshetau", ApplicationRecord.status == "enrolled"
            )
        )
        before = len((await session.scalars(select(LeaveRecord.id))).all())
    assert number is not None
    await operator.say("/leaves")
    await operator.press("Register a leave")
    await operator.say(number)
    await operator.say("20.04.2026 – 15.05.2026")
    await operator.press("Yes, register it")
    async with district.db.read() as session:
        assert len((await session.scalars(select(LeaveRecord.id))).all()) == before + 1
