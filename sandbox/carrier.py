"""The operator behind both gateways: carries SMS to phones, some of which are switched off."""

from __future__ import annotations

from collections import Counter

from sandbox.changes import Changes
from sandbox.clock import DeskClock
from sandbox.receipts import Receipts
from sandbox.sms import FINAL, PRICE, segments
from sandbox.state import Sms, State

ARRIVES = "delivered"
"""What happens at a phone of which nothing else was said."""
NOTHING = "none"
"""A phone that is off: an SMS to it stays under way."""


class Carrier:
    """Every SMS, found at once by its number and by its phone however many there are."""

    def __init__(
        self, state: State, changes: Changes, clock: DeskClock, receipts: Receipts
    ) -> None:
        self._state = state
        self._changes = changes
        self._clock = clock
        self._receipts = receipts
        self._by_phone: dict[str, list[Sms]] = {}
        self._own: dict[tuple[str, str], Sms] = {}
        self.spent: Counter[str] = Counter()  # tenge, by gateway
        for sms in state.sms:
            self._enter(sms)

    def take(self, gateway: str, phone: str, text: str, own_id: str | None = None) -> Sms:
        """A new SMS from a gateway; unless a moderator holds it, it is on its way at once."""
        sms = Sms(
            id=len(self._state.sms) + 1,
            phone=phone,
            text=text,
            at=self._clock.now(),
            segments=segments(text),
            own_id=own_id,
            gateway=gateway,
            status="accepted",
        )
        self._state.sms.append(sms)
        self._enter(sms)
        if gateway == "mobizon" and self._state.moderation:
            sms.status = "moderated"
        else:
            self._hand_over(sms)
        self._changes.note(f"sms:{phone}")
        return sms

    def find(self, number: int) -> Sms | None:
        """By the desk's own number."""
        return self._state.sms[number - 1] if 1 <= number <= len(self._state.sms) else None

    def sent_as(self, phone: str, own_id: str) -> Sms | None:
        """By the sender's number for it, or the desk's."""
        sms = self._own.get((phone, own_id))
        if sms is None and own_id.isdecimal():
            sms = self.find(int(own_id))
        return sms if sms is not None and sms.phone == phone else None

    def repeated(self, phone: str, own_id: str) -> Sms | None:
        """What the same sender sent to this phone under the same number."""
        return self._own.get((phone, own_id))

    def to(self, phone: str) -> list[Sms]:
        """All that were sent to this phone, the oldest first."""
        return self._by_phone.get(phone, [])

    def switch(self, phone: str, receipts: str) -> list[Sms]:
        """From now on SMS to this phone end so; those still under way end so at once."""
        if receipts == ARRIVES:
            self._state.phones.pop(phone, None)
        else:
            self._state.phones[phone] = receipts
        ended = FINAL | {"moderated"}
        return self._settle([sms for sms in self.to(phone) if sms.status not in ended])

    def moderate(self, on: bool) -> list[Sms]:
        """Mobizon's moderator holds everything back, or lets everything go."""
        self._state.moderation = on
        held = [sms for sms in self._state.sms if sms.status == "moderated"]
        return [] if on else self._settle(held)

    def _settle(self, several: list[Sms]) -> list[Sms]:
        for sms in several:
            self._hand_over(sms)
            self._changes.note(f"sms:{sms.phone}")
        return several

    def _hand_over(self, sms: Sms) -> None:
        fate = self._state.phones.get(sms.phone, ARRIVES)
        sms.status = "accepted" if fate == NOTHING else fate
        sms.status_at = self._clock.now()
        if sms.status in FINAL:
            self._receipts.report(sms)

    def _enter(self, sms: Sms) -> None:
        self._by_phone.setdefault(sms.phone, []).append(sms)
        if sms.own_id is not None:
            self._own[sms.phone, sms.own_id] = sms
        self.spent[sms.gateway] += sms.segments * PRICE
