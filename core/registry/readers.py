"""Reading one value: what a cell or a JSON field holds becomes what the records keep, or Wrong.

A cell holds text, a number, a date or nothing. Empty is None for every reader.
"""

import datetime as dt
import re
from collections.abc import Callable
from unicodedata import normalize

from core.clock import ALMATY
from core.identity.rules import IdentityError, Iin, Phone
from core.places.search import fold
from core.registry.values import Reason, Wrong
from core.registry.vocabulary import NONE_AT_ALL, Words

LENGTH = 300
"""Characters that a text may have; an address is the longest."""
SPACE = re.compile(
    r"[\s\u00a0\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\x00-\x1f\x7f-\x9f]+"
)
"""Space, and what is not seen itself but may turn the letters after it round."""
DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
YEAR_FIRST = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?")
EARLIEST = dt.date(1900, 1, 1)
MIDNIGHT = dt.time()
"""A cell that holds a day alone comes with this time."""
IIN_DIGITS = 12


def text(raw: object) -> str | None:
    """One line of text. A number is told as it is written."""
    if raw is None:
        return None
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise Wrong(Reason.NOT_TEXT)
    told = normalize("NFC", str(raw))  # a Mac's “й” is two signs, and would make a twin
    if len(told) > LENGTH * 2:
        raise Wrong(Reason.TOO_LONG)
    told = SPACE.sub(" ", told).strip()
    if told.startswith("="):
        raise Wrong(Reason.FORMULA)
    if "\ufffd" in told:
        raise Wrong(Reason.LOST_LETTERS)
    if len(told) > LENGTH:
        raise Wrong(Reason.TOO_LONG)
    try:
        told.encode()
    except UnicodeEncodeError:  # half of a pair of surrogates, which no database takes
        raise Wrong(Reason.LOST_LETTERS) from None
    return told or None


def name(raw: object) -> str | None:
    """A name of a person, a kindergarten or a street: no "?" is in one, but an encoding without
    the Kazakh letters leaves it in their place."""
    told = text(raw)
    if told is not None and "?" in told:
        raise Wrong(Reason.LOST_LETTERS)
    return told


def short(length: int) -> Callable[[object], str | None]:
    """A text of at most `length` characters."""

    def read(raw: object) -> str | None:
        told = text(raw)
        if told is not None and len(told) > length:
            raise Wrong(Reason.TOO_LONG)
        return told

    return read


def iin(raw: object) -> str | None:
    """An IIN; of one kept as a number, Excel has dropped the zeros in front."""
    told = text(raw)
    if told is None:
        return None
    if not isinstance(raw, str):
        told = told.zfill(IIN_DIGITS)
    try:
        return Iin.parse(told).value
    except IdentityError as error:
        raise Wrong(Reason(error.reason.value)) from None


def phone(raw: object) -> str | None:
    """A mobile phone of Kazakhstan, in E.164."""
    told = text(raw)
    if told is None:
        return None
    try:
        return Phone.parse(told).value
    except IdentityError as error:
        raise Wrong(Reason(error.reason.value)) from None


def day(raw: object) -> dt.date | None:
    """A day: a cell's date, 09.04.2026, or 2026-04-09."""
    if isinstance(raw, dt.datetime):
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    told = text(raw)
    if told is None:
        return None
    return _parsed(told, Reason.NOT_A_DATE)[0].date()


def past_day(raw: object, today: dt.date) -> dt.date | None:
    """A day that has been: a birth date."""
    read = day(raw)
    if read is not None and read > today:
        raise Wrong(Reason.IN_THE_FUTURE)
    if read is not None and read < EARLIEST:
        raise Wrong(Reason.TOO_LONG_AGO)
    return read


def instant(raw: object, today: dt.date) -> dt.datetime | None:
    """A moment that has been, with its time of day; without an offset, the time of Kazakhstan.
    A day alone would put a family before all others of that day (R5)."""
    if isinstance(raw, dt.datetime):
        read, timed = raw, raw.time() != MIDNIGHT
    elif isinstance(raw, dt.date):
        raise Wrong(Reason.NOT_A_MOMENT)
    else:
        told = text(raw)
        if told is None:
            return None
        read, timed = _parsed(told, Reason.NOT_A_MOMENT)
    if not timed:
        raise Wrong(Reason.NOT_A_MOMENT)
    past_day(read.date(), today)
    zoned = read if read.tzinfo else read.replace(tzinfo=ALMATY)
    return zoned.astimezone(dt.UTC).replace(microsecond=0)


def whole(raw: object, most: int) -> int | None:
    """A whole number from 0 to `most`."""
    read = decimal(raw)
    if read is None:
        return None
    if not read.is_integer():
        raise Wrong(Reason.NOT_A_NUMBER)
    if not 0 <= read <= most:
        raise Wrong(Reason.OUT_OF_RANGE)
    return int(read)


def decimal(raw: object) -> float | None:
    """A number, with a point or a comma."""
    told = text(raw)
    if told is None:
        return None
    if not re.fullmatch(r"-?\d{1,12}([.,]\d{1,15})?", told, re.ASCII):
        raise Wrong(Reason.NOT_A_NUMBER)
    return float(told.replace(",", "."))


def degrees(most: int) -> Callable[[object], float | None]:
    """A latitude or a longitude."""

    def read(raw: object) -> float | None:
        told = decimal(raw)
        if told is not None and abs(told) > most:
            raise Wrong(Reason.OUT_OF_RANGE)
        return told

    return read


def word(raw: object, known: Words) -> str | None:
    """The code of a word."""
    told = text(raw)
    if told is None:
        return None
    code = known.get(fold(told))
    if code is None:
        raise Wrong(Reason.UNKNOWN_WORD)
    return code


def word_or_none(raw: object, known: Words) -> str | None:
    """The same, where "none" is a word too."""
    told = text(raw)
    return None if told is None or told.casefold() in NONE_AT_ALL else word(told, known)


def _parsed(told: str, problem: Reason) -> tuple[dt.datetime, bool]:
    """What was written, and whether it names a time of day."""
    try:
        if found := DAY_FIRST.fullmatch(told):
            date, month, year, *time = found.groups()
            hour, minute, second = (int(part or 0) for part in time)
            read = dt.datetime(int(year), int(month), int(date), hour, minute, second)  # noqa: DTZ001
            return read, time[0] is not None
        if found := YEAR_FIRST.fullmatch(told):
            return dt.datetime.fromisoformat(told), found[1] is not None
    except ValueError:
        pass
    raise Wrong(problem)
