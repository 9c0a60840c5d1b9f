"""The world of the rules in motion: what parents, the portal and the clock bring about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from tests.model.acts import HOUR, Acts
from tests.model.notices import (
    CALLED,
    MORNING,
    SMS_AGAIN,
    Notice,
    Series,
    awake,
    of_extension,
    of_term,
)
from tests.model.rules import (
    DAY,
    IN_LINE,
    LAPSES,
    Child,
    Gap,
    Parent,
    Place,
    at,
    calendar_days,
    extended,
    lacks,
    working_days,
)

SILENCE = timedelta(seconds=30)
"""A house that was closed no longer than that was not missed (D18)."""
REMINDING = ("reminder", "last_day", "last_evening")


class World(Acts):
    """What must be true of the house. `told` are the notices that must have arrived in a chat,
    `texted` those by SMS, `ended` those that must never arrive; `seen`: of these terms and stays
    something was seen."""

    def __init__(self, now: datetime, children: Iterable[Child], places: Iterable[Place]) -> None:
        super().__init__(now)
        self.children = list(children)
        self.places = list(places)
        self.parents = list(dict.fromkeys(child.parent for child in self.children))
        self.told: list[Notice] = []
        self.texted: list[Notice] = []
        self.ended: list[Notice] = []
        self.seen: set[Series] = set()
        self._events: set[str] = set()
        self._gaps: list[Gap] = []

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
        self._owe("voucher_issued", child, self.now)
        self.owed += of_term(child, self.today, self.now)
        self.settle()
        return 200

    def withdraw(self, child: Child, version: int) -> bool:
        """D13: staff take a voucher back while its term runs; whether they could."""
        runs = child.status in CALLED and not child.ended(self.now)
        if not runs or version != child.version:
            return False
        if child.request:
            child.request.taken_back = True
            self._close(child.request)
        child.become("in_queue", "withdraw_voucher", self.now)
        notice = Notice("voucher_withdrawn", child, None, self.now, version=child.version)
        self.owed.append(notice)
        self.settle()
        return True

    def tap(self, parent: Parent) -> None:
        """A parent presses or writes something: what came before has been seen."""
        self.seen |= {n.series for n in self.told if n.child.parent is parent and n.series}

    def to_be_called(self) -> set[int]:
        """The children whose families nothing has reached on the last day of a term."""
        texted = {notice.series for notice in self.texted}
        return {
            child.id
            for child in self.children
            if child.status in CALLED
            and child.last_day
            and at(child.called_on or child.last_day, MORNING) <= self.now
            and self.now < at(child.last_day + DAY)
            and (child.id, child.version) not in self.seen | texted
        }

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
        if to - self.now > SILENCE:
            self._gaps.append((self.now, to))
        self.now = to
        self._extend()
        self.settle()

    def _extend(self) -> None:
        """D18: before anything else, the terms whose last hours fell into the time just slept."""
        for child in self.children:
            if not child.last_day or not lacks(child.last_day, self._gaps):
                continue
            child.called_on = child.called_on or child.last_day
            child.last_day = extended(child.last_day, self._gaps, self.now)
            child.changed()
            theirs = [n for n in self.owed if n.series == (child.id, child.version)]
            for notice in theirs:
                notice.ends = child.ends_at
                if notice.channel == "telegram" and notice.kind in REMINDING:
                    self._settle_with(notice, self.ended)
            self.owed += of_extension(child, self.now)

    def due(self) -> list[datetime]:
        """Instants at which something is to happen by itself."""
        found: list[datetime | None] = [place.opens for place in self.places]
        found += [code.send_at for parent in self.parents for code in parent.codes]
        for child in self.children:
            found.append(child.request.ends_at if child.request else None)
            if child.last_day and not (child.request and child.ended(self.now)):
                found.append(child.ends_at)
            found.append(child.stay.withdrawn_at if child.stay else None)
        found += [awake(max(notice.due, self.now)) for notice in self.owed]
        return [instant for instant in found if instant is not None]

    def settle(self) -> None:
        """Do what is due, send the codes that wait, tell what is owed."""
        while any([self._expire(), self._lapse(), self._end_stays(), self._open_leaves()]):
            pass
        for parent in self.parents:
            for code in parent.codes:
                self._send(code)
        for notice in sorted(self.owed, key=lambda notice: notice.due):
            self._tell(notice)

    def _expire(self) -> bool:
        """D6, D8: an act is reserved, and its place held, for as long as its code lives."""
        over = [c.request for c in self.children if c.request and not c.request.lives(self.now)]
        for request in over:
            request.expired = True
            self._close(request)
        return bool(over)

    def _lapse(self) -> bool:
        """R7, R8, R10."""
        over = [c for c in self.children if c.ended(self.now) and c.request is None]
        for child in over:
            assert child.last_day is not None
            self._miss(child, child.last_day)
        return bool(over)

    def _miss(self, child: Child, missed: date) -> None:
        target, event = LAPSES[child.status]
        child.become(target, event, at(missed + DAY))
        if target == "stop_list":
            child.last_day = calendar_days(missed, 28)  # R8, D2
            self.owed += of_term(child, missed, at(missed + DAY))
        self._owe(event, child, at(missed + DAY))

    def _end_stays(self) -> bool:
        """R18."""
        over = [c for c in self.children if c.stay and self.now >= c.stay.withdrawn_at]
        for child in over:
            assert child.stay is not None
            gone, child.stay = child.stay.withdrawn_at, None
            child.changed()
            self.owed.append(Notice("stay_ended", child, gone.date(), gone))
        return bool(over)

    def _open_leaves(self) -> bool:
        """R15."""
        begun = [place for place in self.places if place.opens and place.opens <= self.now]
        for place in begun:
            place.opens = None
            place.total += 1
            place.free += 1
        return bool(begun)

    def _owe(self, kind: str, child: Child, moment: datetime) -> None:
        series = (child.id, child.version)
        self.owed.append(Notice(kind, child, child.last_day, moment, child.ends_at, series))

    def _tell(self, notice: Notice) -> None:
        """Whatever is due goes out by day, if it still says something."""
        over = notice.ends is not None and self.now >= notice.ends
        if not notice.stands():
            self._settle_with(notice, self.ended)
        elif awake(max(notice.due, self.now)) > self.now:
            return
        elif over or self._overtaken(notice) or not notice.says_something(self.today):
            self._settle_with(notice, self.ended)
        elif notice.channel == "telegram":
            self._settle_with(notice, self.told)
        elif notice.series in self.seen:
            self._settle_with(notice, self.ended)
        elif self.gateway_refuses:
            self.gateway_refuses -= 1
            notice.due = self.now + SMS_AGAIN[notice.tries]
            notice.tries += 1
        else:
            self._settle_with(notice, self.texted)

    def _overtaken(self, notice: Notice) -> bool:
        """Whoever was away for long is told once how things stand."""
        late = notice.channel == "telegram" and notice.planned <= self.now - HOUR
        return late and any(
            other.series == notice.series and notice.planned < other.planned <= self.now
            for other in [*self.owed, *self.told]
            if other.series is not None and other.channel == "telegram"
        )

    def _settle_with(self, notice: Notice, where: list[Notice]) -> None:
        self.owed.remove(notice)
        where.append(notice)
