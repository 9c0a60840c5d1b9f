"""The citizens' base read from our own table."""

from collections.abc import Iterable

from sqlalchemy import select

from core.citizens.port import Citizen
from core.citizens.tables import CitizenRecord
from core.db.engine import Database
from core.identity.rules import Iin, Phone


class TableCitizens:
    """A CitizensBase over the table `citizens`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def find(self, iin: Iin, phone: Phone) -> Citizen | None:
        """The person for whom both match, else None (R3)."""
        wanted = select(CitizenRecord).where(
            CitizenRecord.iin == iin.value, CitizenRecord.phone == phone.value
        )
        async with self._db.read() as session:
            found = await session.scalar(wanted)
        if found is None:
            return None
        return Citizen(iin, phone, found.full_name, found.birth_date)

    async def add(self, citizens: Iterable[Citizen]) -> None:
        """Enter these people, or what changed about them."""
        async with self._db.write() as session:
            for citizen in citizens:
                await session.merge(
                    CitizenRecord(
                        iin=citizen.iin.value,
                        phone=citizen.phone.value,
                        full_name=citizen.full_name,
                        birth_date=citizen.birth_date,
                    )
                )
