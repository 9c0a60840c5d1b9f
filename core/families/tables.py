"""Records by which staff find a family: the words of the names, folded."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db.base import Base

WORD = 40
"""Letters of a word that are kept: more are not typed."""
AS_BYTES = String(WORD).with_variant(String(WORD, collation="C"), "postgresql")
"""In the order of its bytes, so that the words that begin alike stand together, in any language."""


class NameWordRecord(Base):
    """A word of the applicant's or the child's name, folded (`core.places.search.fold`). The
    district stands here too: one index finds a word's beginning inside a district."""

    __tablename__ = "name_words"
    __table_args__ = {"sqlite_with_rowid": False}

    word: Mapped[str] = mapped_column(AS_BYTES, primary_key=True)
    district: Mapped[str] = mapped_column(String(20), primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("applications.id"), primary_key=True, index=True
    )
