"""Records of text messages: which gateway took what and what came of it, never the text."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Index, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base
from core.trace import LENGTH, current


class SmsRecord(Base):
    """One message given to a gateway under our own id, which makes a repeat harmless."""

    __tablename__ = "sms_messages"
    __table_args__ = (Index("ix_sms_messages_gateway_gateway_id", "gateway", "gateway_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    phone: Mapped[str] = mapped_column(String(16))
    segments: Mapped[int]
    gateway: Mapped[str | None] = mapped_column(String(20))  # that may have it
    gateway_id: Mapped[str | None] = mapped_column(String(40))  # its own name for the message
    state: Mapped[str] = mapped_column(String(10))  # core.sms.rules.State
    reported: Mapped[str | None] = mapped_column(String(12))  # the gateway's own word for its end
    cost: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))  # tenge
    created_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]  # when we first heard of it
    ask_at: Mapped[datetime | None] = mapped_column(index=True)  # no receipt by then: we ask
    trace: Mapped[str | None] = mapped_column(String(LENGTH), default=current)


class ReceiptRecord(Base):
    """A gateway's word on a message, as it came: kept at once, handled later. Never a phone."""

    __tablename__ = "sms_receipts"
    __table_args__ = (Index("uq_sms_receipts_gateway_event", "gateway", "event", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    gateway: Mapped[str] = mapped_column(String(20))
    event: Mapped[str] = mapped_column(String(64))  # the same one again changes nothing
    gateway_id: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(12))  # as told
    received_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # to be looked at; None: handled
    handled_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
