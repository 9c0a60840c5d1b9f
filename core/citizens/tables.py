"""The citizens' base as a table of our own: seeded, or imported where no HTTP one is set."""

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base


class CitizenRecord(Base):
    """A person and the phone that the citizens' base has for them (R3)."""

    __tablename__ = "citizens"

    iin: Mapped[str] = mapped_column(String(12), primary_key=True)
    phone: Mapped[str] = mapped_column(String(16))
    full_name: Mapped[str]
    birth_date: Mapped[dt.date]
