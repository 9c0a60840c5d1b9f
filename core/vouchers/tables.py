"""Records of distributions of vouchers: the dry run, and how far the issuing has come."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base

RUNNING = text("due_at IS NOT NULL")


class DistributionRecord(Base):
    """A dry run, which becomes a distribution once its number has been typed. `shares`: district
    -> [how many are to be issued, how many have been, whether that was all]."""

    __tablename__ = "distributions"
    __table_args__ = (
        Index("ix_distributions_due", "due_at", sqlite_where=RUNNING, postgresql_where=RUNNING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    district: Mapped[str | None] = mapped_column(String(20))  # None: the region
    state: Mapped[str] = mapped_column(String(10))  # State
    planned_at: Mapped[datetime]
    due_at: Mapped[datetime | None]  # set while it runs
    promised: Mapped[list[Any]]  # the applications of the dry run
    shares: Mapped[dict[str, Any]]
    others: Mapped[int] = mapped_column(default=0)
    chat_id: Mapped[int | None] = mapped_column(BigInteger)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
