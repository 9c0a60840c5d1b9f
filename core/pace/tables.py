"""Records of what Telegram has been sent of late, by all processes together. PostgreSQL's alone:
on SQLite there is one process, which remembers it."""

from sqlalchemy import BigInteger, Double, Integer
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base


class PaceRecord(Base):
    """One row: the pace over all chats. Seconds since 1970 by the database's clock."""

    __tablename__ = "pace"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    free_at: Mapped[float] = mapped_column(Double)  # messages have been taken up to then
    held_until: Mapped[float] = mapped_column(Double)  # Telegram wants silence until then


class ChatPaceRecord(Base):
    """One chat that was sent to of late."""

    __tablename__ = "chat_paces"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at_rest_at: Mapped[float] = mapped_column(Double)
