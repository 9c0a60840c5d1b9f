"""The parents' side of the rules: presses, codes, and what a signature does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from tests.model.notices import Notice, of_stay, of_term
from tests.model.rules import (
    BECOMES,
    CODE_LIFE,
    DAY,
    HERE,
    SENT_AGAIN,
    TAKING,
    Child,
    Code,
    Parent,
    Place,
    Request,
    Stay,
    next_working_day,
    working_days,
)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


class Acts:
    """What parents do. `gateway_refuses`: how many of the next SMS no gateway takes; `owed`: what
    parents are still to be told."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.gateway_refuses = 0
        self.owed: list[Notice] = []

    @property
    def today(self) -> date:
        return self.now.astimezone(HERE).date()

    def settle(self) -> None:
        """Do what is due now."""
        raise NotImplementedError

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
        left = child.left
        same = left and (left.version, left.act, left.place) == (version, act, place)
        if left and same and self._good(left.codes[-1]):
            self._take_up(left)
            return
        if not self._may_ask(parent, child):
            return
        if current:
            self._close(current)
        if place:
            place.free -= 1
        child.request, child.left = Request(child, version, act, place), None
        self._ask(child.request)
        self.settle()

    def new_code(self, request: Request) -> None:
        """The button for another code: once the old one has run out, a new press."""
        child, act, place = request.child, request.act, request.place
        if request.lives(self.now):
            if self._may_ask(child.parent, child):
                self._ask(request)
                self.settle()
            return
        current = child.request
        same = current and (current.act, current.place) == (act, place)
        may = act in child.may(self.now) and (not place or self._open_to(child, place))
        if request.expired and request.version == child.version and (same or may):
            self.press(child, request.version, act, place)
        else:
            self._forget(request)

    def step_back(self, request: Request) -> None:
        """What was held is free again (D6)."""
        self._forget(request)
        if request.open:
            self._let_go(request)
            request.child.left = request
            request.codes[-1].send_at = None
            self.settle()

    def take(self, child: Child, version: int, place: Place) -> None:
        """The button that signs for a place (R14, R16)."""
        self.press(child, version, TAKING[place.mode], place)

    def enter(self, parent: Parent, guess: Code | None, key: str) -> None:
        """Six digits, those of `guess` or of no code; `key` names the update."""
        request = awaited = parent.waits
        if isinstance(request, Request) and guess and guess is guess.request.codes[-1]:
            request = guess.request if guess.request.lives(self.now) else request
        if not isinstance(request, Request) or not request.open:
            if isinstance(request, Request) and request.taken_back:
                self._forget(request)  # and is told so
            return
        parent.waits = request
        code = request.codes[-1]
        if code.ends_at is None or not self._good(code) or code.last_try == key:
            return
        if guess is code:
            code.used = True
            parent.waits = awaited
            self._sign(request)
            self._forget(request)
            self.settle()
        else:
            code.tries += 1
            code.last_try = key

    def _forget(self, request: Request) -> None:
        """Its code is awaited no more; then another child's is, the newest act's first."""
        parent = request.child.parent
        if parent.waits is request:
            waiting = {c.request: None for c in parent.codes if c.request.lives(self.now)}
            waiting.pop(request, None)
            parent.waits = list(waiting)[-1] if waiting else None

    def _good(self, code: Code) -> bool:
        """It can be entered, or is still to be sent."""
        over = code.ends_at is not None and code.ends_at <= self.now
        return not (code.used or code.replaced or over or code.tries == 5)

    def _open_to(self, child: Child, place: Place) -> bool:
        """D4, D6, D10, D19, R16."""
        current = child.request
        free = place.free + (1 if current and current.place is place else 0)
        over = place.until is not None and place.until < next_working_day(self.today)
        return place.ours and free > 0 and not over and not (place.until and child.stay)

    def _may_ask(self, parent: Parent, child: Child) -> bool:
        """One code a minute for each child; but on a term's last day three an hour, six a day,
        unused ones."""

        def asked(codes: Iterable[Code], within: timedelta) -> int:
            return sum(code.asked_at > self.now - within for code in codes)

        unused = [code for code in parent.codes if not code.used]
        if asked((code for code in unused if code.request.child is child), MINUTE):
            return False
        if child.last_day and self.today >= child.last_day:
            return True
        few = asked(unused, HOUR) < 3 and asked(unused, DAY) < 6
        return few and asked(parent.codes, DAY) < 20

    def _ask(self, request: Request) -> None:
        """A code for an act: past the term's end the reservation is not prolonged (D8), be it for
        a day, as no gateway has taken the code before."""
        parent = request.child.parent
        self._drop(request)
        ended = request.child.ended(self.now)
        code = Code(request, self.now, self.now, request.ends_at if ended else None)
        if not ended:
            request.ends_at = None
        elif request.ends_at is None and request.codes:
            request.ends_at = request.codes[-1].asked_at + DAY
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
            self.owed += of_term(child, self.today, self.now)
        elif request.act == "restore":
            child.restored = True
        elif request.act == "take_place":
            child.place = place
            if child.stay and self.today <= child.stay.last_day:
                child.stay.place.free += 1  # D4
            child.stay = None
        elif place and place.until:
            child.stay = Stay(place, place.until)
            self.owed += of_stay(child, child.stay, self.now)

    def _drop(self, request: Request) -> None:
        """Its codes are good no more; another child's live on beside them (D8)."""
        for code in request.codes:
            code.replaced = True
            code.send_at = None

    def _take_up(self, request: Request) -> None:
        """The act that was stepped back from is reserved again; its code is not sent again."""
        child, code = request.child, request.codes[-1]
        child.request, child.left, request.open = request, None, True
        request.ends_at = code.ends_at
        if request.place:
            request.place.free -= 1
        child.parent.waits = request
        if code.ends_at is None:
            code.send_at = self.now
        self._send(code)
        self.settle()

    def _close(self, request: Request) -> None:
        self._drop(request)
        self._let_go(request)

    def _let_go(self, request: Request) -> None:
        request.open = False
        request.child.request = None
        if request.place:
            request.place.free += 1
