"""Small helpers of the upserts."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from core.registry.values import Outcome, Problem, Reason, Verdict

R = TypeVar("R")

NEW = Verdict(Outcome.NEW)
CHANGED = Verdict(Outcome.CHANGED)
UNCHANGED = Verdict(Outcome.UNCHANGED)


def refused(field: str | None, reason: Reason) -> Verdict:
    """A row that may not be brought in."""
    return Verdict(Outcome.REFUSED, Problem(field, reason))


def differing(record: Any, wanted: Mapping[str, Any]) -> list[str]:
    """The columns in which a record is not as wanted, in order."""
    return [column for column, value in wanted.items() if getattr(record, column) != value]


def those(rows: Sequence[R], verdicts: Sequence[Verdict], outcome: Outcome) -> list[R]:
    """The rows with that outcome."""
    return [row for row, v in zip(rows, verdicts, strict=True) if v.outcome is outcome]
