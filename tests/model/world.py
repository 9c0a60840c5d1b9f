"""The world of the rules in motion: what parents, the portal and the clock bring about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from tests.model.acts import Acts
from tests.model.rules import (
    DAY,
    IN_LINE,
    LAPSES,
    Child,
    Notice,
    Place,
    at,
    calendar_days,
    next_working_day,
    working_days,
)


class World(Acts):
    """What must be true of the house. `told` are the notices that must have arrived."""

    def __init__(self, now: datetime, children: Iterable[Child], places: Iterable[Place]) -> None:
        super().__init__(now)
        self.children = list(children)
        self.places = list(places)
        self.parents = list(dict.fromkeys(child.parent for child in self.children))
        self.told: list[Notice] = []
        self.pointless: list[Notice] = []
        self._owed: list[Notice] = []
        self._events: set[str] = set()

    def number(self, child: Child) -> int | None:
        """The queue number (R5, D3, R17): children are listed by their registration."""
        if child.status not in IN_LINE:
            return None
        ahead = self.children[: self.children.index(child)]
        return 1 + sum(other.status in IN_LINE for other in ahead)

    def voucher(self, child: Child, event: str) -> int:
        """R6; the HTTP status of the answer. The same event again changes nothing."""
        if event in self._events:
            return 200
        if child.status != "in_queue":
            return 409
        self._events.add(event)
        child.become("awaiting_confirmation", "issue_voucher", self.now)
        child.last_day = working_days(self.today, 2)  # R7
        self._owe("voucher_issued", child, child.last_day)
        self.settle()
        return 200

    def move(self, to: datetime) -> None:
        """Let time pass, with the house awake."""
        while (due := min(self.due(), default=to)) < to:
            self.now = max(due, self.now)
            self.settle()
        self.now = to
        self.settle()

    def sleep(self, to: datetime) -> None:
        """Let time pass while the house is down; what fell due is done when it is up again."""
        self.gateway_refuses = 0
        self.now = to
        self.settle()

    def due(self) -> list[datetime]:
        """Instants at which something is to happen by itself."""
        found: list[datetime | None] = [place.opens for place in self.places]
        found += [code.send_at for parent in self.parents for code in parent.codes]
        for child in self.children:
            found.append(child.request.ends_at if child.request else None)
            if child.last_day and not (child.request and child.ended(self.now)):
                found.append(child.ends_at if child.told else at(child.last_day, 9))
            if child.stay:
                late = child.stay.told
                found.append(child.stay.withdrawn_at if late else at(child.stay.last_day, 9))
        return [instant for instant in found if instant is not None]

    def settle(self) -> None:
        """Do what is due, send the codes that wait, tell what is owed."""
        while any([self._expire(), self._lapse(), self._end_stays(), self._open_leaves()]):
            pass
        for parent in self.parents:
            for code in parent.codes:
                self._send(code)
        for notice in self._owed:
            (self.told if self._still_true(notice) else self.pointless).append(notice)
        self._owed.clear()

    def _expire(self) -> bool:
        """D6, D8: an act is reserved, and its place held, for as long as its code lives."""
        over = [c.request for c in self.children if c.request and not c.request.lives(self.now)]
        for request in over:
            self._close(request)
        return bool(over)

    def _lapse(self) -> bool:
        """R7, R8, R10, and the announcement of last days."""
        happened = False
        for child in self.children:
            if child.last_day is None:
                continue
            if child.ended(self.now):
                if child.request is None:
                    self._miss(child, child.last_day)
                    happened = True
            elif not child.told and self.now >= at(child.last_day, 9):
                child.told = True
                self._owe("last_day", child, child.last_day)
        return happened

    def _miss(self, child: Child, missed: date) -> None:
        target, event = LAPSES[child.status]
        child.become(target, event, at(missed + DAY))
        if target == "stop_list":
            child.last_day = calendar_days(missed, 28)  # R8, D2
        self._owe(event, child, child.last_day)

    def _end_stays(self) -> bool:
        """R18, and the announcement of the last day."""
        happened = False
        for child in self.children:
            stay = child.stay
            if stay and self.now >= stay.withdrawn_at:
                child.stay = None
                child.changed(stay.withdrawn_at)
                day = next_working_day(stay.last_day)
                self._owed.append(Notice("stay_ended", child, day))
                happened = True
            elif stay and not stay.told and self.now >= at(stay.last_day, 9):
                stay.told = True
                self._owed.append(Notice("stay_last_day", child, stay.last_day, stay=stay))
        return happened

    def _open_leaves(self) -> bool:
        """R15."""
        begun = [place for place in self.places if place.opens and place.opens <= self.now]
        for place in begun:
            place.opens = None
            place.total += 1
            place.free += 1
        return bool(begun)

    def _owe(self, kind: str, child: Child, day: date | None) -> None:
        self._owed.append(Notice(kind, child, day, version=child.version))

    def _still_true(self, notice: Notice) -> bool:
        if notice.version not in (None, notice.child.version):
            return False
        if notice.kind == "last_day":
            return notice.day == self.today
        return notice.stay is None or notice.child.stay is notice.stay
