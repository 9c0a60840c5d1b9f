"""Buttons of the imports: the door, templates, and what becomes of a report."""

from bot.keyboards.base import Id
from bot.keyboards.staff.base import StaffButton
from core.registry.values import Kind
from core.staff.rules import Right


class ImportsButton(StaffButton, prefix="s.im"):
    """Waits for a file."""

    right = Right.IMPORT


class TemplateButton(StaffButton, prefix="s.it"):
    """Sends a template."""

    right = Right.IMPORT
    kind: Kind


class ApplyButton(StaffButton, prefix="s.ia"):
    """Asks for the number of rows, and then brings them in."""

    right = Right.IMPORT
    id: Id


class DropButton(StaffButton, prefix="s.ix"):
    """Forgets the file."""

    right = Right.IMPORT
    id: Id
