"""Records of whose updates are being handled by which process. PostgreSQL's alone: on SQLite there
is one process, which remembers it."""

from datetime import datetime

from sqlalchemy import ARRAY, JSON, BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base

TICKETS = ARRAY(BigInteger).with_variant(JSON(), "sqlite")


class LineRecord(Base):
    """The line of one person's updates; the row stays when it is empty."""

    __tablename__ = "lines"

    person: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    tickets: Mapped[list[int]] = mapped_column(TICKETS)  # the first one is being handled


class ArrivalRecord(Base):
    """An update that came while the database was down, and is brought again (D8)."""

    __tablename__ = "arrivals"

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    moment: Mapped[datetime]  # when it came first
