"""The record of the weekly digest."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base


class DigestRecord(Base):
    """When the digest is owed next: one row."""

    __tablename__ = "digests"

    id: Mapped[int] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]
