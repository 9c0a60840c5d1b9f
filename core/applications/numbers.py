"""Registration numbers as people type them."""

from sqlalchemy import ColumnElement

from core.applications.tables import ApplicationRecord

LOOK_ALIKES = str.maketrans("ABCDEHKMOPTXY", "АВСДЕНКМОРТХУ")
"""Latin letters in a number that was typed on the wrong keyboard; D stands for Д."""


def numbered(typed: str) -> ColumnElement[bool]:
    """The application of that number, typed in whatever case, with spaces, on whichever
    keyboard."""
    number = "".join(typed.split())
    spellings = {number, number.upper(), number.upper().translate(LOOK_ALIKES)}
    return ApplicationRecord.registration_number.in_(spellings)
