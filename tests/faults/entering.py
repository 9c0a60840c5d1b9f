"""How a parent enters: consent, phone, IIN, and the code that comes to that phone (R2-R4)."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from tests.faults.deals import Deal
from tests.faults.town import Family

if TYPE_CHECKING:
    from tests.faults.parents import Parents

TRIES = 3


async def enter(parents: Parents, family: Family, random: Random) -> None:
    """From /start to the journal; begun anew where something did not come."""
    for _ in range(TRIES):
        await parents.write(family, "/start", random)
        if is_in(parents, family):
            return
        if not await parents.press(family, r"in$", random):
            continue
        await parents.press(family, r"ok$", random)
        await parents.write(family, family.phone, random)
        known = len(parents.codes(family))
        deal = Deal(family.id, await parents.write(family, family.iin, random))
        if await parents.came(family, known):
            parents.entries.append(deal)
            await parents.type_code(deal, random)


def is_in(parents: Parents, family: Family) -> bool:
    """They have been shown their application."""
    return parents.newest(family, r"app:") is not None
