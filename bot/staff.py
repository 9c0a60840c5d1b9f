"""`oryn staff`: roles from the command line, the first administrator's too."""

import sys
from getpass import getpass

from bot.maintenance import open_database
from core.clock import SystemClock
from core.identity.rules import IdentityError, Iin
from core.places.districts import DISTRICTS
from core.staff.rules import Role
from core.staff.service import NoSuchMember, Staff


def asked_iin() -> Iin:
    """The IIN, typed unseen or piped: in an argument every process of the machine could read it.
    SystemExit when it is none."""
    text = getpass("IIN: ") if sys.stdin.isatty() else sys.stdin.readline()
    try:
        return Iin.parse(text.strip())
    except IdentityError:
        raise SystemExit("That is not an IIN: nothing was changed.") from None


async def grant(iin: Iin, role: str, district: str | None) -> str:
    """`oryn staff grant`. SystemExit with what is wrong."""
    if district is not None and district not in DISTRICTS:
        raise SystemExit(f"No such district; there are: {', '.join(DISTRICTS)}.")
    async with open_database() as db:
        try:
            member = await Staff(db).grant(
                iin, Role(role), district, by=None, moment=SystemClock().now()
            )
        except ValueError as error:
            raise SystemExit(f"Nothing was changed: {error}.") from None
    return f"{iin.masked} is {member.role} now, {member.district or 'region'}. ID: {member.id}."


async def revoke(staff_id: int) -> str:
    """`oryn staff revoke`. SystemExit for nobody."""
    async with open_database() as db:
        try:
            await Staff(db).revoke(staff_id, by=None, moment=SystemClock().now())
        except NoSuchMember:
            raise SystemExit(f"{staff_id} holds no role: nothing was changed.") from None
    return f"The role {staff_id} is ended."


async def listed() -> str:
    """`oryn staff list`."""
    async with open_database() as db:
        colleagues = await Staff(db).colleagues()
    lines = [
        f"{c.member.id:4}  {c.member.role:14} {c.member.district or 'region':12} {c.iin.masked}"
        for c in colleagues
    ]
    return "\n".join(lines) or "Nobody holds a role. The first: oryn staff grant administrator"
