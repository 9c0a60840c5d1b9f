"""The world of the rules in motion: presses, codes, the portal and the clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from tests.model.rules import (
    BECOMES,
    CODE_LIFE,
    DAY,
    HERE,
    IN_LINE,
    LAPSES,
    SENT_AGAIN,
    TAKING,
    Child,
    Code,
    Notice,
    Parent,
    Place,
    Request,
    Stay,
    at,
    calendar_days,
    next_working_day,
    working_days,
)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


class World:
    """What must be true of the house. `told` are the notices that must have arrived."""

    def __init__(self, now: datetime, children: Iterable[Child], places: Iterable[Place]) -> None:
        self.now = now
        self.children = list(children)
        self.places = list(places)
        self.parents = list(dict.fromkeys(child.parent for child in self.children))
        self.told: list[Notice] = []
        self.pointless: list[Notice] = []
        self.gateway_refuses = 0
        self._owed: list[Notice] = []
        self._events: set[str] = set()

    @property
    def today(self) -> date:
        return self.now.astimezone(HERE).date()

    def number(self, child: Child) -> int | None:
        """The queue number (R5, D3, R17): children are listed by their registration."""
        if child.status not in IN_LINE:
            return None
        ahead = self.children[: self.children.index(child)]
        return 1 + sum(other.status in IN_LINE for other in ahead)

    # the portal and the clock

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

    # the parents

    def press(self, child: Child, version: int, act: str, place: Place | None = None) -> None:
        """An act's button, of that version of the application."""
        parent, current = child.parent, child.request
        if version != child.version:
            return
        if current and (current.act, current.place) == (act, place):
            parent.waits = current
            self._send(current.codes[-1])
            return
        if act not in child.may(self.now) or (place and not self._open_to(child, place)):
            return
        if not self._may_ask(parent, child):
            return
        if current:
            self._give_up(current)
        if place:
            place.free -= 1
        child.request = Request(child, act, place)
        self._ask(child.request)
        self.settle()

    def new_code(self, request: Request) -> None:
        """The button for another code."""
        parent = request.child.parent
        if not request.lives(self.now):
            parent.waits = None
        elif self._may_ask(parent, request.child):
            self._ask(request)
            self.settle()

    def step_back(self, request: Request) -> None:
        """What was held is free again (D6)."""
        request.child.parent.waits = None
        if request.open:
            self._give_up(request)
            self.settle()

    def take(self, child: Child, version: int, place: Place) -> None:
        """The button that signs for a place (R14, R16)."""
        self.press(child, version, TAKING[place.mode], place)

    def enter(self, parent: Parent, guess: Code | None, key: str) -> None:
        """Six digits, those of `guess` or of no code; `key` names the update."""
        request = parent.waits
        if not isinstance(request, Request) or not request.open:
            return
        code = request.codes[-1]
        dead = code.used or code.replaced or code.ends_at is None or code.ends_at <= self.now
        if dead or code.tries == 5 or code.last_try == key:
            return
        if guess is code:
            code.used = True
            parent.waits = None
            self._sign(request)
            self.settle()
        else:
            code.tries += 1
            code.last_try = key

    def _open_to(self, child: Child, place: Place) -> bool:
        """D4, D6, D10, R16."""
        current = child.request
        free = place.free + (1 if current and current.place is place else 0)
        over = place.until is not None and place.until < self.today
        return place.ours and free > 0 and not over and not (place.until and child.stay)

    def _may_ask(self, parent: Parent, child: Child) -> bool:
        """One code a minute; but on a term's last day three an hour, six a day, unused ones."""

        def asked(codes: Iterable[Code], within: timedelta) -> int:
            return sum(code.asked_at > self.now - within for code in codes)

        unused = [code for code in parent.codes if not code.used]
        if asked(unused, MINUTE):
            return False
        if child.last_day and self.today >= child.last_day:
            return True
        few = asked(unused, HOUR) < 3 and asked(unused, DAY) < 6
        return few and asked(parent.codes, DAY) < 20

    def _ask(self, request: Request) -> None:
        """A code for an act: past the term's end the reservation is not prolonged (D8)."""
        parent = request.child.parent
        self._drop(request)
        ended = request.child.ended(self.now)
        code = Code(request, self.now, self.now, request.ends_at if ended else None)
        if not ended:
            request.ends_at = None
        parent.codes.append(code)
        request.codes.append(code)
        parent.waits = request
        self._send(code)

    def _send(self, code: Code) -> None:
        if code.send_at is None or code.send_at > self.now:
            return
        if code.cap and code.cap <= self.now:
            code.send_at, code.replaced = None, True
        elif self.gateway_refuses:
            self.gateway_refuses -= 1
            code.send_at = self.now + SENT_AGAIN
        else:
            code.send_at = None
            code.ends_at = min(self.now + CODE_LIFE, code.cap or self.now + CODE_LIFE)
            code.request.child.parent.sms.append(code)
            if code.request.open:
                code.request.ends_at = code.ends_at

    def _sign(self, request: Request) -> None:
        child, place = request.child, request.place
        child.request, request.open = None, False
        child.become(BECOMES[request.act], request.act, self.now)
        if request.act == "confirm_interest":
            child.last_day = working_days(self.today, 5)  # R10
        elif request.act == "restore":
            child.restored = True
        elif request.act == "take_place":
            child.place = place
            if child.stay and self.today <= child.stay.last_day:
                child.stay.place.free += 1  # D4
            child.stay = None
        elif place and place.until:
            child.stay = Stay(place, place.until, told=self.now >= at(place.until, 9))

    def _drop(self, request: Request) -> None:
        """Its codes are good no more; another child's live on beside them (D8)."""
        for code in request.codes:
            code.replaced = True
            code.send_at = None

    def _give_up(self, request: Request) -> None:
        """What the parent steps back from needs no code any more."""
        self._close(request)
        self._replace(request.codes)

    def _replace(self, codes: Iterable[Code]) -> None:
        for code in codes:
            code.replaced, code.send_at = True, None

    def _close(self, request: Request) -> None:
        self._drop(request)
        request.open = False
        request.child.request = None
        if request.place:
            request.place.free += 1
