"""Records of what was put before a parent to sign, and of what was signed."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base


class SigningRequestRecord(Base):
    """An act, pressed in time, that waits for its signature (D8): one open per application."""

    __tablename__ = "signing_requests"
    __table_args__ = (
        Index("ix_signing_requests_application_id", "application_id", "id"),
        Index(
            "uq_signing_requests_open",
            "application_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_signing_requests_expires_at",
            "expires_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    chat_id: Mapped[int] = mapped_column(BigInteger)
    act: Mapped[str] = mapped_column(String(24))
    facts: Mapped[dict[str, Any]]  # the values that the canonical text is made of
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of the text, hex
    pressed_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]  # None: no gateway has taken the code yet
    state: Mapped[str] = mapped_column(String(10))  # open, signed, expired, replaced, left


class SignatureRecord(Base):
    """Who signed what, when and how (D5). Never changed, never deleted."""

    __tablename__ = "signatures"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("signing_requests.id"), unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    act: Mapped[str] = mapped_column(String(24))
    facts: Mapped[dict[str, Any]]
    text: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    method: Mapped[str] = mapped_column(String(10))  # sms_code; an EDS joins later
    signed_at: Mapped[datetime]
