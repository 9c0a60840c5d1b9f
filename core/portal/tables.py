"""Records of what the portal is told, and of the events that it has sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base

UNTOLD = "due_at IS NOT NULL"
GIVEN_UP = "due_at IS NULL AND delivered_at IS NULL"
"""Conditions of partial indexes stand in statements word for word: SQLite finds the index by
them."""


class PortalEventRecord(Base):
    """An event of the portal that has been taken: the same id again changes nothing."""

    __tablename__ = "portal_events"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    type: Mapped[str] = mapped_column(String(40))
    received_at: Mapped[datetime] = mapped_column(index=True)
    answer: Mapped[dict[str, Any]]


class PortalOutboxRecord(Base):
    """A change of an application that the portal is told of: written with the change, delivered by
    a worker, one at a time for each application, in the order of the ids."""

    __tablename__ = "portal_outbox"
    __table_args__ = (
        Index(
            "ix_portal_outbox_due",
            "due_at",
            sqlite_where=text(UNTOLD),
            postgresql_where=text(UNTOLD),
        ),
        Index(
            "ix_portal_outbox_order",
            "application_id",
            "id",
            sqlite_where=text(UNTOLD),
            postgresql_where=text(UNTOLD),
        ),
        Index(
            "ix_portal_outbox_given_up",
            "id",
            sqlite_where=text(GIVEN_UP),
            postgresql_where=text(GIVEN_UP),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)  # the id that the portal sees
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id"))
    at: Mapped[datetime]  # when the change took effect
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime | None]  # when to tell it, or the end of a lease; None: it is over
    attempts: Mapped[int] = mapped_column(default=0)
    because: Mapped[str | None] = mapped_column(String(40))  # why the last attempt failed: a code
    delivered_at: Mapped[datetime | None]
