"""Records of notices: written with the change that caused them, sent by a worker."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base
from core.trace import LENGTH, current

DUE = "due_at IS NOT NULL"
EDITED = "due_at IS NOT NULL AND message_id IS NOT NULL"
OPEN = "chat_id IS NOT NULL AND ended_at IS NULL"
LISTED = "channel = 'call' AND state = 'sent'"
TEXTED = "sms_id IS NOT NULL"
NEWS = "kind = 'voucher_issued' AND channel = 'telegram'"
IMPOSSIBLE = (
    "state IN ('pending', 'sending') AND due_at IS NULL"
    " OR state IN ('failed', 'undeliverable', 'cancelled', 'expired') AND due_at IS NOT NULL"
    " OR state IN ('sent', 'delivered', 'seen') AND (channel = 'telegram' AND message_id IS NULL"
    " OR channel = 'sms' AND sms_id IS NULL)"
)
"""No notice is so, and the index of those that are is empty.

`EDITED`: to lose its buttons. `LISTED`: on the call list. `NEWS`: one for each voucher.
Conditions of partial indexes stand in statements word for word: SQLite finds the index by them."""


class NoticeRecord(Base):
    """A notice owed to a person. Parameters, never text: it is rendered when it is sent."""

    __tablename__ = "notices"
    __table_args__ = (
        Index(
            "ix_notices_due",
            "channel",
            "lane",
            "due_at",
            sqlite_where=text(DUE),
            postgresql_where=text(DUE),
        ),
        Index(
            "ix_notices_edited",
            "channel",
            "due_at",
            sqlite_where=text(EDITED),
            postgresql_where=text(EDITED),
        ),
        Index("ix_notices_open", "chat_id", sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
        Index(
            "ix_notices_listed",
            "expires_at",
            sqlite_where=text(LISTED),
            postgresql_where=text(LISTED),
        ),
        Index(
            "ix_notices_news", "planned_at", sqlite_where=text(NEWS), postgresql_where=text(NEWS)
        ),
        Index(
            "ix_notices_texted",
            "sms_id",
            "application_id",
            sqlite_where=text(TEXTED),
            postgresql_where=text(TEXTED),
        ),
        Index(
            "ix_notices_impossible",
            "id",
            sqlite_where=text(IMPOSSIBLE),
            postgresql_where=text(IMPOSSIBLE),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(30))
    channel: Mapped[str] = mapped_column(String(8))  # telegram, sms, call
    lane: Mapped[int]
    iin: Mapped[str] = mapped_column(String(12), index=True)  # whose, also before they first enter
    application_id: Mapped[int | None] = mapped_column(ForeignKey("applications.id"), index=True)
    series: Mapped[str | None] = mapped_column(String(40), index=True)  # what ends together
    only_chat: Mapped[int | None] = mapped_column(BigInteger)  # set: to that chat and no other
    token: Mapped[str | None] = mapped_column(String(16), unique=True)  # of an SMS: its link
    details: Mapped[dict[str, Any]]
    trace: Mapped[str | None] = mapped_column(String(LENGTH), default=current)

    state: Mapped[str] = mapped_column(String(14))  # State
    because: Mapped[str | None] = mapped_column(String(40))  # why it ended so: a code
    created_at: Mapped[datetime]
    planned_at: Mapped[datetime] = mapped_column(index=True)  # when it was meant to go out
    due_at: Mapped[datetime | None]  # when to send, try again or close it; None: nothing to do
    expires_at: Mapped[datetime]  # the deadline that it serves: pointless after that
    attempts: Mapped[int] = mapped_column(default=0)

    chat_id: Mapped[int | None] = mapped_column(BigInteger)  # where it went
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    sms_id: Mapped[int | None] = mapped_column(ForeignKey("sms_messages.id"))
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]  # known only of SMS
    seen_at: Mapped[datetime | None]  # the first tap or message of that chat after it went out
    ended_at: Mapped[datetime | None]  # its buttons are gone, or the conversation has gone on
