"""Buttons of the roles: who is staff, granting, revoking."""

from bot.keyboards.base import Id
from bot.keyboards.staff.base import StaffButton
from core.staff.rules import Right, Role


class RolesButton(StaffButton, prefix="s.ro"):
    """Lists who is staff; pages count from 0."""

    right = Right.ROLES
    page: int = 0


class GrantButton(StaffButton, prefix="s.rg"):
    """Begins to grant a role; with a role, goes on to the district or the IIN."""

    right = Right.ROLES
    role: Role | None = None
    district: str | None = None


class ColleagueButton(StaffButton, prefix="s.rc"):
    """Shows one of staff; `revoke` asks whether the role is to end, `sure` ends it."""

    right = Right.ROLES
    staff: Id
    revoke: bool = False
    sure: bool = False
