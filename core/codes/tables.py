"""Records of one-time codes: a keyed hash, never the digits."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base
from core.trace import LENGTH, current


class CodeRecord(Base):
    """One code, bound to its purpose and to the request that it completes."""

    __tablename__ = "codes"
    __table_args__ = (
        Index("ix_codes_subject_purpose_created_at", "subject", "purpose", "created_at"),
        Index("ix_codes_target_id", "target_id"),
        Index("ix_codes_purpose_trusted_created_at", "purpose", "trusted", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(8))  # "login" or "sign"
    subject: Mapped[str] = mapped_column(String(64))  # keyed hash of the IIN
    trusted: Mapped[bool]  # asked by the chat that is linked to that person
    chat_id: Mapped[int] = mapped_column(BigInteger, index=True)
    target_id: Mapped[int]  # the login attempt or the signing request
    phone: Mapped[str | None] = mapped_column(String(16))  # None: a decoy, nothing is sent
    language: Mapped[str] = mapped_column(String(2))
    hash: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(index=True)
    retry_at: Mapped[datetime | None] = mapped_column(index=True)  # to be sent, or sent again
    sent_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    cap: Mapped[datetime | None]  # it lives no longer than this, whenever it is sent
    tries: Mapped[int] = mapped_column(default=0)
    last_try: Mapped[str | None] = mapped_column(String(40))  # the update that tried last
    used_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]  # a newer code has replaced this one
    sms_id: Mapped[int | None]  # the message that carried it
    avoid: Mapped[str | None] = mapped_column(String(20))  # the gateway that is asked last
    offer_at: Mapped[datetime | None] = mapped_column(index=True)  # then the other one is offered
    trace: Mapped[str | None] = mapped_column(String(LENGTH), default=current)


class CodeFailuresRecord(Base):
    """Wrong codes in a row, per person and purpose; a new code never resets them."""

    __tablename__ = "code_failures"

    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(8), primary_key=True)
    trusted: Mapped[bool] = mapped_column(primary_key=True)
    failures: Mapped[int]
    locked_until: Mapped[datetime | None]
