"""Records of imports, and of the rows that wait to be brought in."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base


class ImportRecord(Base):
    """A file that somebody of staff has sent. Counts are of its report."""

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))  # None: command line
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))  # reading, reported, applied, dropped
    created_at: Mapped[datetime] = mapped_column(index=True)
    applied_at: Mapped[datetime | None]
    new: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)


class ImportRowRecord(Base):
    """A row of a file: people's data, so it goes as soon as the import is applied or dropped."""

    __tablename__ = "import_rows"
    __table_args__ = (Index("ix_import_rows_key", "import_id", "key"),)

    import_id: Mapped[int] = mapped_column(
        ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # in the file
    key: Mapped[str | None]
    outcome: Mapped[str] = mapped_column(String(10))
    row: Mapped[dict[str, Any] | None]  # as read; None where it could not be
    raw: Mapped[dict[str, Any] | None]  # field -> cell, of the refused: to be mended
    problems: Mapped[list[Any]]  # [field, reason], of the refused
