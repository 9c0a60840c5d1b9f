"""What the desk sees of a renewal of the queue (D16)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.named import Named


class NoSuchRenewal(Exception):
    """There is no such dry run of this member, or it has been started already."""


class State(StrEnum):
    """The life of a renewal: the stages change in one step, then the parents are told."""

    PLANNED = "planned"
    RUNNING = "running"
    TELLING = "telling"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class RenewalPlan:
    """What a renewal as of a day would change now. `moves`: (from, to) -> how many children go
    from one stage to another; `renumbered`: how many queue numbers change."""

    id: int
    as_of: date
    moves: Mapping[tuple[Named, Named], int]
    renumbered: int

    @property
    def moved(self) -> int:
        """How many children go to another stage."""
        return sum(self.moves.values())


@dataclass(frozen=True)
class RenewalProgress:
    """How far a renewal has come: `told` of the `renumbered` are owed their notice."""

    id: int
    state: State
    as_of: date
    moved: int
    renumbered: int
    told: int
    chat_id: int | None
    message_id: int | None
