"""Sending a text message: through the first gateway that takes it, and never through two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import structlog

from core.clock import Clock
from core.db.engine import Database
from core.identity.rules import Phone
from core.sms.port import UNREACHABLE, Accepted, Answer, Rejected, Sms, SmsGateway, Unknown
from core.sms.rules import ASK_AFTER, RANK, State
from core.sms.segments import segments
from core.sms.tables import SmsRecord

log = structlog.get_logger()

PATIENCE = timedelta(minutes=1)
"""A message of which nobody knows is only asked after for so long; then another gateway gets it."""
DOUBT = timedelta(minutes=5)
"""For how long a gateway that did not answer is asked last."""


@dataclass(frozen=True)
class SmsResult:
    """What came of a sending: the message's id here, the last answer, and whose it was (None:
    there is no gateway)."""

    sms_id: int
    answer: Answer
    gateway: str | None

    @property
    def taken(self) -> bool:
        """A gateway surely has the message."""
        return isinstance(self.answer, Accepted)


class SmsSender:
    """Sends through `gateways`, in their order of preference, and records what became of it.

    `prices`: tenge for one segment, by gateway, for those that do not tell what they charge.
    """

    def __init__(
        self,
        db: Database,
        gateways: Sequence[SmsGateway],
        clock: Clock,
        prices: Mapping[str, Decimal] | None = None,
    ) -> None:
        self._db = db
        self._gateways = gateways
        self._clock = clock
        self._prices = prices or {}
        self._doubted: dict[str, datetime] = {}  # gateway -> until when it is asked last

    @property
    def several(self) -> bool:
        """Whether there is another gateway to go to."""
        return len(self._gateways) > 1

    async def send(
        self,
        purpose: str,
        phone: Phone,
        text: str,
        *,
        urgent: bool = False,
        again: int | None = None,
        skip: str | None = None,
        patience: timedelta = PATIENCE,
    ) -> SmsResult:
        """Send a text, or find out that it has been sent.

        The next gateway is asked only when the one before certainly did not take it: two
        messages must not go out. `urgent`: a one-time code. `again`: the id of an earlier message
        with this text, of which nobody knew; it is sent once more if it surely was not taken, or
        if its gateway has been silent for `patience`: one too many is better than none. `skip`:
        the gateway that is asked last, as is one that has just failed to answer.
        """
        if again is not None:
            earlier = await self._find_out(again, text, patience)
            if not isinstance(earlier.answer, Rejected):
                return earlier
        now = self._clock.now()
        gateways = sorted(
            self._gateways, key=lambda g: (g.name == skip, self._doubted.get(g.name, now) > now)
        )
        first = gateways[0].name if gateways else None
        sms = await self._begin(purpose, phone, text, urgent, first)
        result = SmsResult(sms.id, Rejected("no gateway"), None)
        for gateway in gateways:
            if gateway.name != first:
                await self._hand_on(sms, gateway)
            answer = await gateway.send(sms)
            if isinstance(answer, Unknown):
                answer = await gateway.status(sms)
            self._judge(gateway.name, answer)
            await self._record(sms.id, gateway.name, answer)
            result = SmsResult(sms.id, answer, gateway.name)
            if not isinstance(answer, Rejected):
                break
        return result

    async def _find_out(self, sms_id: int, text: str, patience: timedelta) -> SmsResult:
        """What has become of an earlier message, as its gateway tells now."""
        async with self._db.read() as session:
            record = await session.get_one(SmsRecord, sms_id)
        state = State(record.state)
        if state is State.REFUSED:
            return SmsResult(sms_id, Rejected("refused"), record.gateway)
        if RANK[state]:
            taken = Accepted(record.gateway_id or str(sms_id), record.segments, record.cost)
            return SmsResult(sms_id, taken, record.gateway)
        gateway = next((g for g in self._gateways if g.name == record.gateway), None)
        if gateway is None:
            return SmsResult(sms_id, Unknown(), record.gateway)
        answer = await gateway.status(Sms(sms_id, Phone(record.phone), text))
        self._judge(gateway.name, answer)
        await self._record(sms_id, gateway.name, answer)
        if isinstance(answer, Unknown) and self._clock.now() >= record.created_at + patience:
            answer = Rejected("silent")
        return SmsResult(sms_id, answer, gateway.name)

    def _judge(self, gateway: str, answer: Answer) -> None:
        """Whoever does not answer, or cannot be reached, is asked last for a while."""
        if isinstance(answer, Unknown) or answer == Rejected(UNREACHABLE):
            self._doubted[gateway] = self._clock.now() + DOUBT
        else:
            self._doubted.pop(gateway, None)

    async def _begin(
        self, purpose: str, phone: Phone, text: str, urgent: bool, gateway: str | None
    ) -> Sms:
        """Note that a gateway may have it from now on, whatever happens to us meanwhile."""
        record = SmsRecord(
            purpose=purpose,
            phone=phone.value,
            segments=segments(text),
            gateway=gateway,
            state=State.SENDING,
            created_at=self._clock.now(),
        )
        async with self._db.write() as session:
            session.add(record)
        return Sms(record.id, phone, text, urgent)

    async def _hand_on(self, sms: Sms, gateway: SmsGateway) -> None:
        """Note the same of the next gateway."""
        async with self._db.write() as session:
            record = await session.get_one(SmsRecord, sms.id, with_for_update=True)
            record.gateway = gateway.name
            if not RANK[State(record.state)]:
                record.state = State.SENDING

    async def _record(self, sms_id: int, gateway: str, answer: Answer) -> None:
        """Record an answer; a receipt that was faster has the last word."""
        now = self._clock.now()
        async with self._db.write() as session:
            record = await session.get_one(SmsRecord, sms_id, with_for_update=True)
            record.answered_at = now
            further = RANK[State(record.state)] > 0
            match answer:
                case Accepted():
                    record.gateway_id = answer.gateway_id
                    record.segments = answer.segments
                    record.cost = answer.cost
                    if answer.cost is None and gateway in self._prices:
                        record.cost = self._prices[gateway] * answer.segments
                    if not further:
                        record.state, record.ask_at = State.ACCEPTED, now + ASK_AFTER
                    log.info("sms_taken", sms=sms_id, gateway=gateway)
                case Rejected():
                    if not further:
                        record.state = State.REFUSED
                    log.warning("sms_refused", sms=sms_id, gateway=gateway, code=answer.code)
                case Unknown():
                    if not further:
                        record.state = State.UNKNOWN
                    log.warning("sms_unknown", sms=sms_id, gateway=gateway)
