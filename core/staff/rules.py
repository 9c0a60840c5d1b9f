"""Who of the education departments may do what, and where: the table of rights."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """An operator serves one district; a head all of the region; an administrator the bot too."""

    OPERATOR = "operator"
    HEAD = "head"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """What a member of staff may do, inside their district."""

    DESK = "desk"  # open the desk itself
    VOUCHERS = "vouchers"  # issue, distribute, withdraw
    FAMILIES = "families"  # find an application, look at it, correct and restore it
    CALLS = "calls"  # the call list
    LEAVES = "leaves"  # sanatorium leaves (R15)
    EXPORT = "export"  # the journal and the day's changes as a file
    FIGURES = "figures"
    BROADCAST = "broadcast"
    RENEWAL = "renewal"  # the yearly renewal of the queue
    IMPORT = "import"  # registers from files
    ROLES = "roles"
    OUTAGES = "outages"  # declare one (D18)
    AUDIT = "audit"


OF_OPERATORS = frozenset(
    {
        Right.DESK,
        Right.VOUCHERS,
        Right.FAMILIES,
        Right.CALLS,
        Right.LEAVES,
        Right.EXPORT,
        Right.FIGURES,
        Right.BROADCAST,
    }
)
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OPERATOR: OF_OPERATORS,
    Role.HEAD: OF_OPERATORS | {Right.RENEWAL, Right.IMPORT},
    Role.ADMINISTRATOR: frozenset(Right),
}


@dataclass(frozen=True)
class Member:
    """Somebody of staff, as of now. `id` is the role's record; `district` None: the region."""

    id: int
    role: Role
    district: str | None

    def may(self, right: Right) -> bool:
        """Whether the role has that right at all."""
        return right in RIGHTS[self.role]

    def covers(self, district: str) -> bool:
        """Whether that district is theirs."""
        return self.district is None or self.district == district


class NotAllowed(Exception):
    """A member of staff has no such right, or not in that district; nothing was changed or
    shown."""


def require(member: Member, right: Right, district: str | None = None) -> None:
    """Raises NotAllowed unless `member` has the right, in `district` where one is concerned: use
    cases of staff ask this themselves, whatever the face has asked before."""
    if not member.may(right) or (district is not None and not member.covers(district)):
        raise NotAllowed
