"""Records of beats, and of the outages that they, or an administrator, have shown."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base

DUE = text("due_at IS NOT NULL")


class BeatRecord(Base):
    """A process that can take a tap, and when it last could. Never the future, but while a desk
    travels there."""

    __tablename__ = "beats"

    process: Mapped[str] = mapped_column(String(32), primary_key=True)
    beat_at: Mapped[datetime]


class OutageRecord(Base):
    """A time in which no tap could be taken. One that the beats show grows until they come back."""

    __tablename__ = "outages"
    __table_args__ = (Index("ix_outages_due", "due_at", sqlite_where=DUE, postgresql_where=DUE),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)  # makes it one, whoever notes it
    cause: Mapped[str] = mapped_column(String(10))  # rules.Cause
    from_at: Mapped[datetime]
    to_at: Mapped[datetime] = mapped_column(index=True)
    reason: Mapped[str | None] = mapped_column(String(10))  # rules.Reason; None: the beats show it
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # who declared it
    due_at: Mapped[datetime | None]  # terms are to be judged by it; None: they have been
    extended: Mapped[int] = mapped_column(default=0)  # terms, so far
