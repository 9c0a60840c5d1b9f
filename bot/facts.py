"""What screens tell of this installation."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """The settings that people see. `support_phone` and `support_hours` are shown as given."""

    support_phone: str
    consent_version: str
    support_hours: str | None = None
