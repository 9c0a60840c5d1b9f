"""The citizens' base (MAB): the state's register of which phone belongs to which IIN (R3)."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from core.identity.rules import Iin, Phone


@dataclass(frozen=True)
class Citizen:
    """A person as the citizens' base has them."""

    iin: Iin
    phone: Phone
    full_name: str
    birth_date: dt.date


class CitizensBase(Protocol):
    """Whom a phone and an IIN belong to."""

    async def find(self, iin: Iin, phone: Phone) -> Citizen | None:
        """The person for whom both match, else None (R3). Raises CitizensBaseUnavailable."""


class CitizensBaseUnavailable(Exception):
    """The base gave no answer that can be relied on: nothing is known about the pair."""
