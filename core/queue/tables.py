"""Records of the queue number's history."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base


class QueueNumberRecord(Base):
    """The number that an application had from `at` on; written only when it changed."""

    __tablename__ = "queue_numbers"
    __table_args__ = (Index("ix_queue_numbers_newest", "application_id", "id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"))
    at: Mapped[datetime]
    number: Mapped[int]


RUNNING = text("due_at IS NOT NULL")


class RenewalRecord(Base):
    """A yearly renewal of the queue (D16): a dry run, which is carried out once its number has
    been typed. Its numbers end with the record `last_number` of their history; up to `told_to`
    the notices about them are owed."""

    __tablename__ = "renewals"
    __table_args__ = (
        Index("ix_renewals_due", "due_at", sqlite_where=RUNNING, postgresql_where=RUNNING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    as_of: Mapped[date]
    state: Mapped[str] = mapped_column(String(10))  # State
    planned_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]  # set while it runs
    moved: Mapped[int] = mapped_column(default=0)
    renumbered: Mapped[int] = mapped_column(default=0)
    told: Mapped[int] = mapped_column(default=0)
    told_to: Mapped[int | None]
    last_number: Mapped[int | None]
    chat_id: Mapped[int | None] = mapped_column(BigInteger)
    message_id: Mapped[int | None] = mapped_column(BigInteger)


class NightlyRecord(Base):
    """When the nightly work runs next: one row. `district`, `category`: the queue whose numbers
    were written last, while the night is not through."""

    __tablename__ = "nightly"

    id: Mapped[int] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]
    district: Mapped[str | None] = mapped_column(String(20))
    category: Mapped[str | None] = mapped_column(String(20))
