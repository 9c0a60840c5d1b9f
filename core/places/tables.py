"""Records of kindergartens, their places, sanatorium leaves, stays and holds."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base
from core.places.names import listing_key

AS_BYTES = String().with_variant(String(collation="C"), "postgresql")
"""In the order of its bytes, whatever the database's own language."""


def _by_name(context: Any) -> str:
    return listing_key(context.get_current_parameters()["name"])


class KindergartenRecord(Base):
    """A preschool organisation (R13). `phone` and addresses are shown as given."""

    __tablename__ = "kindergartens"
    __table_args__ = (Index("ix_kindergartens_listed", "district", "sort_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    district: Mapped[str] = mapped_column(String(20), index=True)
    name: Mapped[str]
    folded_name: Mapped[str]  # for search: lower case, look-alike letters folded
    sort_key: Mapped[str] = mapped_column(AS_BYTES, default=_by_name, server_default="")
    kind: Mapped[str] = mapped_column(String(20))
    ownership: Mapped[str] = mapped_column(String(10))
    phone: Mapped[str]
    address: Mapped[str]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]


class PlaceRecord(Base):
    """Places of one kindergarten, language and mode (R12); temporary ones until a date (R16)."""

    __tablename__ = "places"
    __table_args__ = (
        CheckConstraint("free >= 0", name="never_below_zero"),
        Index("ix_places_kindergarten_id", "kindergarten_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kindergarten_id: Mapped[int] = mapped_column(ForeignKey("kindergartens.id"))
    language: Mapped[str] = mapped_column(String(2))
    mode: Mapped[str] = mapped_column(String(10))  # general, temporary
    free: Mapped[int]
    until: Mapped[date | None]  # last day of attendance of a temporary place
    closing: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many close as soon as they are given back: their child has come back early (R15)."""


class LeaveRecord(Base):
    """A child's leave to a sanatorium: opens one temporary place from-to (R15). `ended_at`: it
    was ended early, or never began."""

    __tablename__ = "sanatorium_leaves"
    __table_args__ = (
        Index(
            "ix_sanatorium_leaves_opens_at",
            "opens_at",
            sqlite_where=text("opened_at IS NULL"),
            postgresql_where=text("opened_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    opens_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    application_id: Mapped[int | None] = mapped_column(ForeignKey("applications.id"), index=True)
    ended_at: Mapped[datetime | None]


class HoldRecord(Base):
    """A place kept for one application while the parent signs (D6): one per application."""

    __tablename__ = "holds"

    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    request_id: Mapped[int] = mapped_column(ForeignKey("signing_requests.id"))


class StayRecord(Base):
    """A temporary stay beside the application (D4)."""

    __tablename__ = "temporary_stays"
    __table_args__ = (
        UniqueConstraint("application_id", "signed_at"),
        Index(
            "ix_temporary_stays_next_event_at",
            "next_event_at",
            sqlite_where=text("next_event_at IS NOT NULL"),
            postgresql_where=text("next_event_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"))
    place_id: Mapped[int] = mapped_column(ForeignKey("places.id"))
    signed_at: Mapped[datetime]
    last_day: Mapped[date]
    withdraw_at: Mapped[datetime]  # R18: start of the next working day after the last day
    next_event_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(String(20))  # term, enrolled
