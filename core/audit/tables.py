"""The audit log: append-only, which the database itself holds (migration 0005)."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base


class AuditRecord(Base):
    """One act of staff, or one look at a person's data: who, what, which ids, when. No name, no
    IIN, no phone stands here. `staff_id` None: the operator of the service, at the command line."""

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    act: Mapped[str] = mapped_column(String(40))
    subjects: Mapped[dict[str, Any]]
    """Kind -> ids: {"application": [1, 2]}."""
    details: Mapped[dict[str, Any]]
