"""What the faces see of outages."""

from dataclasses import dataclass

from core.outages.rules import Cause, Problem, Reason, Span


class CannotDeclare(Exception):
    """That span cannot be declared; nothing was written down."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True)
class Outage:
    """One outage. `reason` None: the beats have shown it; `extended`: how many terms so far;
    `judged`: all that it touched have been."""

    id: int
    cause: Cause
    span: Span
    reason: Reason | None
    extended: int
    judged: bool
