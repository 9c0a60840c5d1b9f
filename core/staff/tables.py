"""Records of who is staff."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base

ACTIVE = text("revoked_at IS NULL")


class StaffRecord(Base):
    """A role of the person with that IIN; one at a time. Changed roles are revoked and granted
    anew, so that the audit log's ids keep their meaning."""

    __tablename__ = "staff"
    __table_args__ = (
        Index("ix_staff_active", "iin", unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    iin: Mapped[str] = mapped_column(String(12))
    role: Mapped[str] = mapped_column(String(20))
    district: Mapped[str | None] = mapped_column(String(20))
    granted_at: Mapped[datetime]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # None: command line
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
