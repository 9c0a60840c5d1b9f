"""Records of notices: written with the change that caused them, sent by a worker."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base


class NoticeRecord(Base):
    """A notice owed to a person. Parameters, never text: it is rendered when it is sent."""

    __tablename__ = "notices"
    __table_args__ = (
        Index(
            "ix_notices_due_at",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(30))
    iin: Mapped[str] = mapped_column(String(12), index=True)  # whose, also before they first enter
    application_id: Mapped[int | None] = mapped_column(ForeignKey("applications.id"), index=True)
    chat_id: Mapped[int | None] = mapped_column(BigInteger)  # set: to that chat and no other
    details: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(14))  # pending, sending, sent, waiting, failed
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]  # when to send, or to try again; None: nothing to do
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    message_id: Mapped[int | None] = mapped_column(BigInteger)
