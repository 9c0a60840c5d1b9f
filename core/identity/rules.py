"""Who a person is to the state: an IIN and a phone, as values that cannot be built wrong.

Both show themselves masked, so that neither can slip into a log; `value` is the whole.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from operator import mul
from typing import Self

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

TWELVE_DIGITS = re.compile(r"[0-9]{12}")  # ASCII only: \d takes the digits of other scripts too
WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
SPACES_AND_DASHES = re.compile(
    r"[\s\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u2010-\u2015\u2212-]"
)
"""What people type, and what copying leaves unseen, between digits."""
PHONE_PUNCTUATION = re.compile(r"[.()/]")
PHONE_DIGITS = re.compile(r"\+[0-9]{10,15}")
KAZAKHSTAN = "KZ"
COUNTRY_CODE = 7


class IinProblem(StrEnum):
    """Why a text is no IIN."""

    NOT_TWELVE_DIGITS = "not_twelve_digits"
    WRONG_CHECK_DIGIT = "wrong_check_digit"


class PhoneProblem(StrEnum):
    """Why no code can be sent to what was typed."""

    NOT_A_PHONE = "not_a_phone"
    NOT_KAZAKHSTAN = "not_kazakhstan"
    NOT_MOBILE = "not_mobile"


class IdentityError(ValueError):
    """What was typed is no IIN or no phone; `reason` says why, the text itself is not kept."""

    def __init__(self, reason: IinProblem | PhoneProblem) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, repr=False, slots=True)
class Iin:
    """An individual identification number: twelve digits whose check digit is right.

    Only the check digit binds (order 521 of 29.06.2023): birth date and sex in it are a hint.
    Building one of anything else raises IdentityError.
    """

    value: str

    def __post_init__(self) -> None:
        if not TWELVE_DIGITS.fullmatch(self.value):
            raise IdentityError(IinProblem.NOT_TWELVE_DIGITS)
        if _check_digit(self.value) != int(self.value[11]):
            raise IdentityError(IinProblem.WRONG_CHECK_DIGIT)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The IIN that a person typed, with spaces and dashes anywhere. Raises IdentityError."""
        return cls(SPACES_AND_DASHES.sub("", text))

    @property
    def masked(self) -> str:
        """For people's eyes: the first digit and the last four."""
        return f"{self.value[0]}{'*' * 7}{self.value[8:]}"

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"Iin({self.masked})"


@dataclass(frozen=True, repr=False, slots=True)
class Phone:
    """A mobile phone of Kazakhstan in E.164 (+77758759999): one that a code can be sent to.

    Building one of anything else raises IdentityError.
    """

    value: str

    def __post_init__(self) -> None:
        number = _dialled(self.value)
        if number is None or _e164(number) != self.value:
            raise IdentityError(PhoneProblem.NOT_A_PHONE)
        if phonenumbers.region_code_for_number(number) != KAZAKHSTAN:
            raise IdentityError(PhoneProblem.NOT_KAZAKHSTAN)
        if phonenumbers.number_type(number) != PhoneNumberType.MOBILE:
            raise IdentityError(PhoneProblem.NOT_MOBILE)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The phone that a person typed, or Telegram told: +7…, 8…, 7… or ten digits.

        Raises IdentityError.
        """
        return cls(_international(text))

    @classmethod
    def kept(cls, value: str) -> Self:
        """One that our own tables keep: it was checked before it came there, and to look at the
        numbering plan at every tap costs more than to read it."""
        phone = object.__new__(cls)
        object.__setattr__(phone, "value", value)
        return phone

    @property
    def masked(self) -> str:
        """For people's eyes: the operator's code and the last two digits."""
        return f"+7 {self.value[2:5]} ***-**-{self.value[-2:]}"

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"Phone({self.masked})"


def display_phone(raw: str) -> str:
    """A kindergarten's phone as people read it: formatted if valid, else as it was given."""
    number = _dialled(_international(raw))
    if number is None or number.country_code != COUNTRY_CODE:
        return raw
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def dialled_phone(raw: str) -> str:
    """A phone as a chat makes it a link to call by: +77758759999 if valid, else as it was given."""
    number = _dialled(_international(raw))
    return raw if number is None else _e164(number)


def _check_digit(digits: str) -> int:
    """The twelfth digit that the first eleven ask for; 10 when no number begins with them."""
    for weights in (WEIGHTS, SECOND_WEIGHTS):
        check: int = sum(map(mul, weights, map(int, digits))) % 11  # the twelfth has no weight
        if check < 10:
            return check
    return 10


def _international(text: str) -> str:
    """`text` without what stands between the digits, as if dialled from abroad: +7…"""
    digits = PHONE_PUNCTUATION.sub("", SPACES_AND_DASHES.sub("", text))
    if digits.startswith("+"):
        return digits
    if len(digits) == 11 and digits.startswith("8"):
        return f"+7{digits[1:]}"
    if len(digits) == 10 and digits.startswith("7"):
        return f"+7{digits}"
    return f"+{digits}"


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _dialled(international: str) -> PhoneNumber | None:
    """The valid number, of any country, or None."""
    if not PHONE_DIGITS.fullmatch(international):
        return None
    try:
        number = phonenumbers.parse(international)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None
