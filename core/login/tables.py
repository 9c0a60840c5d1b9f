"""Records of people, their chats, their consents and their attempts to enter."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base


class PersonRecord(Base):
    """A parent who has entered at least once, as the citizens' base (MAB) knows them (R3)."""

    __tablename__ = "persons"

    id: Mapped[int] = mapped_column(primary_key=True)
    iin: Mapped[str] = mapped_column(String(12), unique=True)
    full_name: Mapped[str]
    birth_date: Mapped[date]
    phone: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]


class ChatRecord(Base):
    """A Telegram chat. `person_id` is the link (notices go there), `session_until` the session
    (it sees and acts): two things, design decision 13."""

    __tablename__ = "chats"
    __table_args__ = (Index("ix_chats_person_id", "person_id", unique=True),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    language: Mapped[str | None] = mapped_column(String(2))
    district: Mapped[str | None] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    linked_at: Mapped[datetime | None]
    session_until: Mapped[datetime | None]
    blocked_at: Mapped[datetime | None]
    back_at: Mapped[datetime | None]  # when they last came back from blocking the bot
    muted_at: Mapped[datetime | None]  # informational broadcasts are not wanted
    awaiting: Mapped[str | None] = mapped_column(String(20))
    """What the next typed message is taken for (IIN, code, search): the conversation's state."""
    details: Mapped[dict[str, Any] | None]
    """What that conversation needs to go on: ids and choices, never a code."""
    created_at: Mapped[datetime]


class ConsentRecord(Base):
    """A consent to processing personal data, given after R4's warning was shown."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    version: Mapped[str] = mapped_column(String(20))
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class LoginAttemptRecord(Base):
    """A pair of IIN and phone that asks for a code. `known` False: nothing is sent, and the
    answers are the same as for a known pair."""

    __tablename__ = "login_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"), index=True)
    iin: Mapped[str] = mapped_column(String(12))
    phone: Mapped[str] = mapped_column(String(16))
    full_name: Mapped[str | None]
    birth_date: Mapped[date | None]
    known: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(index=True)
