"""Records of broadcasts: drafts, those under way, and those that were."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base

DUE = "due_at IS NOT NULL"


class BroadcastRecord(Base):
    """A broadcast. Its recipients are rows of `notices` (series `broadcast:{id}`), written a few
    thousand ahead of those that are sent: `cursor` is the newest person for whom one stands."""

    __tablename__ = "broadcasts"
    __table_args__ = (
        Index(
            "ix_broadcasts_due_at",
            "due_at",
            sqlite_where=text(DUE),
            postgresql_where=text(DUE),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    created_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]
    district: Mapped[str | None] = mapped_column(String(20))  # whose it is; None: the region's
    corrects: Mapped[int | None] = mapped_column(ForeignKey("broadcasts.id"))

    stage: Mapped[str] = mapped_column(String(10), index=True)
    kind: Mapped[str] = mapped_column(String(13))
    audience: Mapped[dict[str, Any]]
    content: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(default=1)  # of the draft: what is confirmed is what goes
    starts_at: Mapped[datetime | None]  # None: at once

    recipients: Mapped[int | None]  # counted as it began
    cursor: Mapped[int] = mapped_column(default=0)
    written: Mapped[bool] = mapped_column(default=False)  # a row stands for everybody
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]  # when the worker is to look at it next

    shown_chat: Mapped[int | None] = mapped_column(BigInteger)  # where its progress is shown
    shown_message: Mapped[int | None] = mapped_column(BigInteger)
