"""Records of queue applications and of every change to them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base

WAITS = "status IN ('in_queue', 'awaiting_confirmation', 'voucher_issued')"
"""The child holds a place in the queue (`core.applications.rules.WAITING`)."""
IMPOSSIBLE = (
    "status NOT IN ('in_queue', 'awaiting_confirmation', 'voucher_issued', 'stop_list', 'enrolled',"
    " 'archived') OR (status IN ('awaiting_confirmation', 'voucher_issued', 'stop_list')) <>"
    " (ends_at IS NOT NULL) OR (ends_at IS NULL) <> (next_event_at IS NULL)"
    " OR (status = 'enrolled') <> (place_id IS NOT NULL)"
    " OR (status = 'archived') <> (archived_because IS NOT NULL)"
)
NO_DEADLINE = (
    "NOT (status NOT IN ('awaiting_confirmation', 'voucher_issued', 'stop_list')"
    " OR COALESCE(CAST(deadline AS VARCHAR), 'null') <> 'null')"
)
"""No application is so (`NO_DEADLINE`: a term runs, and nobody knows what days it was computed
from): the index of those that are is empty, and costs nothing to look through.
Conditions of partial indexes stand in statements word for word: SQLite finds the index by them,
and were the status a condition by itself, it would rather read the index of that."""


class CategoryRecord(Base):
    """A queue stage (category): data, not code. `position` orders the categories; `min_age`: for
    children of so many full years and more, None where the stage is not one of age."""

    __tablename__ = "categories"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    position: Mapped[int]
    min_age: Mapped[int | None]
    name_kk: Mapped[str]
    name_ru: Mapped[str]
    name_en: Mapped[str]


class PrivilegeRecord(Base):
    """A kind of privilege: data, not code."""

    __tablename__ = "privileges"

    code: Mapped[str] = mapped_column(String(30), primary_key=True)
    name_kk: Mapped[str]
    name_ru: Mapped[str]
    name_en: Mapped[str]


class ApplicationRecord(Base):
    """A queue application (R5) with its running term."""

    __tablename__ = "applications"
    __table_args__ = (
        Index("ix_applications_applicant", "applicant_iin", "status", "district", "category"),
        Index("ix_applications_child_iin", "child_iin"),
        Index(
            "ix_applications_next_event_at",
            "next_event_at",
            sqlite_where=text("next_event_at IS NOT NULL"),
            postgresql_where=text("next_event_at IS NOT NULL"),
        ),
        Index(
            "ix_applications_waiting",
            "district",
            "category",
            "registered_at",
            "id",
            "status",
            sqlite_where=text(WAITS),
            postgresql_where=text(WAITS),
        ),
        Index(
            "ix_applications_impossible",
            "id",
            sqlite_where=text(IMPOSSIBLE),
            postgresql_where=text(IMPOSSIBLE),
        ),
        Index(
            "ix_applications_without_deadline",
            "id",
            sqlite_where=text(NO_DEADLINE),
            postgresql_where=text(NO_DEADLINE),
        ),
        Index("ix_applications_counted", "status", "district", "category", "ends_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_number: Mapped[str] = mapped_column(String(40), unique=True)
    registered_at: Mapped[datetime]
    district: Mapped[str] = mapped_column(String(20))
    category: Mapped[str] = mapped_column(ForeignKey("categories.code"))

    applicant_iin: Mapped[str] = mapped_column(String(12))
    applicant_name: Mapped[str]
    applicant_birth_date: Mapped[date]
    applicant_phone: Mapped[str]
    phone_corrected_at: Mapped[datetime | None]  # by staff: notices go there, codes never do
    applicant_email: Mapped[str | None]
    applicant_address: Mapped[str]
    child_iin: Mapped[str] = mapped_column(String(12))
    child_name: Mapped[str]
    child_given_name: Mapped[str]
    child_birth_date: Mapped[date]
    privilege: Mapped[str | None] = mapped_column(ForeignKey("privileges.code"))

    status: Mapped[str] = mapped_column(String(24))
    version: Mapped[int] = mapped_column(default=1)
    restored_at: Mapped[datetime | None]
    archived_because: Mapped[str | None] = mapped_column(String(30))  # the event that archived it
    deadline: Mapped[dict[str, Any] | None]  # as computed, with the days it was computed from
    ends_at: Mapped[datetime | None]  # exclusive end of the running term
    next_event_at: Mapped[datetime | None]  # when the rules want to see it next
    missed: Mapped[dict[str, Any] | None]  # the term that the sweep ended last, to undo it (D8)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("places.id"))  # of the enrolled


class HistoryRecord(Base):
    """One change of an application: who, when, why. Never changed, never deleted."""

    __tablename__ = "application_history"
    __table_args__ = (Index("ix_application_history_at_event", "at", "event"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"), index=True)
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(30))
    from_status: Mapped[str | None] = mapped_column(String(24))
    to_status: Mapped[str] = mapped_column(String(24))
    actor: Mapped[str] = mapped_column(String(10))  # parent, portal, operator, clock
    person_id: Mapped[int | None]
    details: Mapped[dict[str, Any]]
