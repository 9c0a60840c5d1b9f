"""Records of the queue number's history."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base


class QueueNumberRecord(Base):
    """The number that an application had from `at` on; written only when it changed."""

    __tablename__ = "queue_numbers"
    __table_args__ = (Index("ix_queue_numbers_application_id_at", "application_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"))
    at: Mapped[datetime]
    number: Mapped[int]


class NightlyRecord(Base):
    """When the nightly work runs next: one row."""

    __tablename__ = "nightly"

    id: Mapped[int] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]
