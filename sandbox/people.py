"""The people at the desk, and their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)


@dataclass(frozen=True)
class Person:
    """Somebody whom one can be at the desk; `phone` is +7 and ten digits."""

    id: int
    first_name: str
    last_name: str
    full_name: str
    language_code: str
    phone: str
    iin: str
    birth_date: date


def normal_phone(raw: str) -> str:
    """`8…`, `7…`, `+7…` and ten digits starting with 7 are one number: +7 and ten digits.

    Raises ValueError for what is no such number.
    """
    digits = re.sub(r"[\s()+-]", "", raw)
    if not re.fullmatch(r"[0-9]+", digits):
        raise ValueError("a phone is written in digits")
    if len(digits) == 11 and digits[0] in "78":
        digits = digits[1:]
    if len(digits) != 10:
        raise ValueError("a phone has ten digits after +7")
    return f"+7{digits}"


def check_digit(first_eleven: str) -> int | None:
    """The twelfth digit of an IIN; None when no IIN starts so."""
    for weights in (_WEIGHTS, _SECOND_WEIGHTS):
        rest = sum(int(d) * w for d, w in zip(first_eleven, weights, strict=True)) % 11
        if rest < 10:
            return rest
    return None


def new_iins(born: date) -> Iterator[str]:
    """The valid IINs of women born that day, then of those born the next day, and so on."""
    for day in count():
        date_of_birth = born + timedelta(days=day)
        century = "4" if date_of_birth.year < 2000 else "6"
        for serial in range(1, 10_000):
            start = f"{date_of_birth:%y%m%d}{century}{serial:04d}"
            last = check_digit(start)
            if last is not None:
                yield f"{start}{last}"


def new_phones() -> Iterator[str]:
    """Ten million phones, one after another."""
    return (f"+7701{number:07d}" for number in range(1, 10_000_000))


def birth_date_hint(iin: str) -> date | None:
    """The birth date that an IIN hints at; None when it is no date."""
    century = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}.get(iin[6])
    if century is None:
        return None
    try:
        return date(century + int(iin[:2]), int(iin[2:4]), int(iin[4:6]))
    except ValueError:
        return None
