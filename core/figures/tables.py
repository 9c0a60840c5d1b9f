"""Records of the figures: what is counted beforehand, and the weekly digest."""

from datetime import date, datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base


class DigestRecord(Base):
    """When the digest is owed next: one row."""

    __tablename__ = "digests"

    id: Mapped[int] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]


class DayRecord(Base):
    """What the history says of one day of a district. `hours` from the voucher's issue to its
    answer, -1 where it was none; `number` changes, by which the queue `grew`."""

    __tablename__ = "figure_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    district: Mapped[str] = mapped_column(String(20), primary_key=True)
    event: Mapped[str] = mapped_column(String(30), primary_key=True)
    hours: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    grew: Mapped[int]


class SummedRecord(Base):
    """How far the history is in `figure_days`: one row. `until`: the newest change that is; `next`:
    the newest one of the night before, by now surely with all the older ones."""

    __tablename__ = "figures_summed"

    id: Mapped[int] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]
    until: Mapped[int]
    next: Mapped[int]
