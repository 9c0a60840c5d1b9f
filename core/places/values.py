"""What the faces see of kindergartens and their places."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Mode(StrEnum):
    """Admission mode: general (жалпы белгіленген) or temporary stay (уақытша болу)."""

    GENERAL = "general"
    TEMPORARY = "temporary"


@dataclass(frozen=True)
class PlaceRow:
    """A row of the list of places (R12) with what its card shows (R13).

    `language` is the language of instruction (kk, ru, en); `ownership` state or private; `phone`
    as to be shown; `address` None where the source repeats the name; `until` the last day of
    attendance of a temporary place (R16).
    """

    id: int
    kindergarten_id: int
    kindergarten: str
    kind: str
    ownership: str
    phone: str
    address: str | None
    language: str
    mode: Mode
    free: int
    until: date | None
    latitude: float | None
    longitude: float | None
    district: str

    def is_over(self, first_day: date) -> bool:
        """Whether a child that comes from `first_day` on has no day here (D19)."""
        return self.until is not None and self.until < first_day


@dataclass(frozen=True)
class PlaceFilter:
    """What a parent looks for; None: any. `search` is a part of the name."""

    mode: Mode | None = None
    language: str | None = None
    ownership: str | None = None
    only_free: bool = True
    search: str | None = None


@dataclass(frozen=True)
class PlacePage:
    """A page of places; `page` counts from 0, `pages` is at least 1."""

    rows: tuple[PlaceRow, ...]
    total: int
    page: int
    pages: int
