"""What the registry takes, what it says about a row, and why it refuses one."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What can be brought in."""

    CITIZENS = "citizens"
    APPLICATIONS = "applications"
    KINDERGARTENS = "kindergartens"
    PLACES = "places"
    DAYS = "days"


class Reason(StrEnum):
    """Why a value, and so its row, is refused."""

    MISSING = "missing"
    NOT_TEXT = "not_text"
    TOO_LONG = "too_long"
    FORMULA = "formula"
    LOST_LETTERS = "lost_letters"  # a character that an encoding has put in a letter's place
    NOT_TWELVE_DIGITS = "not_twelve_digits"
    WRONG_CHECK_DIGIT = "wrong_check_digit"
    NOT_A_PHONE = "not_a_phone"
    NOT_KAZAKHSTAN = "not_kazakhstan"
    NOT_MOBILE = "not_mobile"
    NOT_A_DATE = "not_a_date"
    NOT_A_MOMENT = "not_a_moment"  # date and time of day are needed
    IN_THE_FUTURE = "in_the_future"
    TOO_LONG_AGO = "too_long_ago"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    UNKNOWN_WORD = "unknown_word"  # none of the words that are known there
    UNTIL_NEEDED = "until_needed"  # a temporary place has a last day
    UNTIL_WITHOUT_END = "until_without_end"  # a general place has none
    UNKNOWN_FIELD = "unknown_field"
    DUPLICATE = "duplicate"  # the same key stands further up
    CANNOT_CHANGE = "cannot_change"  # an application's identity stays as it was registered
    UNKNOWN_KINDERGARTEN = "unknown_kindergarten"
    SEVERAL_KINDERGARTENS = "several_kindergartens"
    BELOW_TAKEN = "below_taken"  # fewer places than are taken and held
    YEAR_NOT_COVERED = "year_not_covered"


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row: in which field (None: the row as a whole), and why. It never
    repeats the value."""

    field: str | None
    reason: Reason


class Outcome(StrEnum):
    """What a row does, or would do, to the records."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Verdict:
    """The outcome for one row. `problem` only with REFUSED."""

    outcome: Outcome
    problem: Problem | None = None


class Wrong(ValueError):
    """A value is refused; the value itself is not kept."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
