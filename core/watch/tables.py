"""Records of heartbeats: when each duty ran last, and what it found."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base


class HeartbeatRecord(Base):
    """One duty, whichever of the processes did it last."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    due_at: Mapped[datetime]  # whoever moves it on has claimed the duty
    beat_at: Mapped[datetime]  # when it was done last
    ok: Mapped[bool]
    ill_since: Mapped[datetime | None]
    details: Mapped[dict[str, Any]]  # what it found, by id
