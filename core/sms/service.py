"""Sending a text message: through the first gateway that takes it, and never through two."""

from collections.abc import Sequence

import structlog

from core.clock import Clock
from core.db.engine import Database
from core.identity.rules import Phone
from core.sms.port import Accepted, Answer, Rejected, Sms, SmsGateway, Unknown
from core.sms.segments import segments
from core.sms.tables import SmsRecord

log = structlog.get_logger()


class SmsSender:
    """Sends through `gateways`, in their order of preference, and records what became of it."""

    def __init__(self, db: Database, gateways: Sequence[SmsGateway], clock: Clock) -> None:
        self._db = db
        self._gateways = gateways
        self._clock = clock

    async def send(self, purpose: str, phone: Phone, text: str) -> bool:
        """True when a gateway surely has the message.

        The next gateway is asked only when the one before certainly did not take it: two
        messages must not go out.
        """
        sms = await self._begin(purpose, phone, text)
        for gateway in self._gateways:
            answer = await gateway.send(sms)
            if isinstance(answer, Unknown):
                answer = await gateway.status(sms)
            await self._record(sms, gateway, answer)
            if not isinstance(answer, Rejected):
                return isinstance(answer, Accepted)
        return False

    async def _begin(self, purpose: str, phone: Phone, text: str) -> Sms:
        record = SmsRecord(
            purpose=purpose,
            phone=phone.value,
            segments=segments(text),
            state="sending",
            created_at=self._clock.now(),
        )
        async with self._db.write() as session:
            session.add(record)
        return Sms(record.id, phone, text)

    async def _record(self, sms: Sms, gateway: SmsGateway, answer: Answer) -> None:
        async with self._db.write() as session:
            record = await session.get_one(SmsRecord, sms.id)
            record.gateway = gateway.name
            record.answered_at = self._clock.now()
            match answer:
                case Accepted():
                    record.state = "accepted"
                    record.gateway_id = answer.gateway_id
                    record.segments = answer.segments
                    record.cost = answer.cost
                case Rejected():
                    record.state = "refused"
                    log.warning("sms_refused", sms=sms.id, gateway=gateway.name, code=answer.code)
                case Unknown():
                    record.state = "unknown"
                    log.warning("sms_unknown", sms=sms.id, gateway=gateway.name)
