"""What a measurement tells."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One number; `title` is for people, `name` for machines."""

    name: str
    title: str
    value: float
    unit: str = ""


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of them do not exceed."""
    return sorted(values)[max(0, round(share * len(values)) - 1)]
