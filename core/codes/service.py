"""One-time codes: asked for, sent and checked."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from core.clock import Clock
from core.codes import answers, offers, replacing, rules, tries
from core.codes.hooks import OnDelivered, OnGivenUp, StillWanted, Text
from core.codes.limits import Conditions, failures_in, line_up, refuse_beyond
from core.codes.rules import Limit, Why
from core.codes.tables import CodeRecord
from core.codes.values import CodeAnswer, CodesExhausted, Outcome, Sending
from core.db.engine import Database, leave_work
from core.identity.rules import Phone
from core.sms.port import Unknown
from core.sms.service import SmsSender
from core.trace import follow

log = structlog.get_logger(__name__)

WORK = "codes"
"""The work that a code in line leaves behind (`Database.on_work`)."""


class Codes:
    """One-time codes of both purposes, "login" and "sign", each with counters of its own.

    What a trusted chat (linked to that very person) asks for is counted apart from what others
    ask for in that person's name, and of these each chat for itself, under a ceiling for them all:
    so nobody can use up or lock a parent's right to act, nor soon their right to enter.
    """

    def __init__(
        self,
        db: Database,
        sender: SmsSender,
        secret: bytes,
        text: Text,
        clock: Clock,
        *,
        per_chat: int = rules.CHAT.count,
        in_all: int = rules.ALL.count,
        also: bytes = b"",
    ) -> None:
        """`per_chat` codes a day, `in_all` codes an hour for each purpose. `also`: another secret
        under which codes may be on their way."""
        self._db = db
        self._sender = sender
        self._secrets = (secret, also) if also else (secret,)
        self._text = text
        self._clock = clock
        self._chat_limit = Limit(per_chat, rules.CHAT.window, Why.CEILING)
        self._all_limit = Limit(in_all, rules.ALL.window, Why.CEILING)
        self._last_sending = (0.3, Sending(True))  # seconds, and what came of it: decoys imitate it
        self._room, self._in_hand = asyncio.Semaphore(rules.AT_ONCE), set[int]()
        self.still_wanted: StillWanted | None = None
        self.on_delivered: OnDelivered | None = None
        self.on_given_up: OnGivenUp | None = None

    async def ask(
        self,
        session: AsyncSession,
        *,
        purpose: str,
        iin: str,
        trusted: bool,
        chat_id: int,
        target_id: int,
        phone: str,
        language: str,
        moment: datetime,
        decoy: bool = False,
        last_day: bool = False,
        cap: datetime | None = None,
        elsewhere: bool = False,
        apart: ColumnElement[bool] | None = None,
    ) -> int:
        """Put a code in line, in the caller's transaction, and tell its id; `deliver` sends it.

        It takes the place of the older ones of its target; another target's live on beside it, so
        that two children's acts can be signed in the same minutes (D8). A `decoy` behaves as any
        other and is never sent. `last_day` leaves only the pause between two codes; `apart`: only
        between those. No code outlives its `cap` (D8). `elsewhere`: by another gateway than the
        one before. Raises CodesExhausted.
        """
        about = "" if trusted else phone
        subject, *_ = subjects = rules.subjects_of(self._secrets, iin, about)
        kind = (CodeRecord.purpose == purpose, CodeRecord.trusted == trusted)
        # a used code proved whose phone it is: two children's acts fit into one hour
        unused = (CodeRecord.subject.in_(subjects), *kind, CodeRecord.used_at.is_(None))
        here = unused if trusted else (*unused, CodeRecord.chat_id == chat_id)
        limits: dict[Limit, Conditions] = {rules.PAUSE: here if apart is None else (*here, apart)}
        if not last_day:
            limits |= {rules.HOUR: here, rules.DAY: here, self._all_limit: kind}
            limits[self._chat_limit] = (CodeRecord.chat_id == chat_id,)
        if not trusted:
            limits |= {rules.PERSON_HOUR: unused, rules.PERSON_DAY: unused}
            await line_up(session, subject, purpose, trusted)
        failures = await failures_in(session, subject, purpose, trusted, chat_id)
        if locked_until := answers.lock_in_force(failures, moment):
            raise CodesExhausted(locked_until, Why.LOCKED)
        await refuse_beyond(session, limits, moment)
        await replacing.close(session, replacing.of_request(purpose, target_id), moment)
        code = CodeRecord(
            purpose=purpose,
            subject=subject,
            trusted=trusted,
            chat_id=chat_id,
            target_id=target_id,
            phone=None if decoy else phone,
            language=language,
            created_at=moment,
            retry_at=moment,
            cap=cap,
            avoid=await offers.carrier(session, purpose, target_id) if elsewhere else None,
        )
        session.add(code)
        await session.flush()
        leave_work(session, WORK)
        log.info("code_asked", code=code.id, purpose=purpose)
        return code.id

    async def deliver(self, code_id: int) -> bool:
        """Send a code that waits to be sent. True: a gateway has it. False: none is known to have
        taken it, and it goes out later, when `due` names it again. Where somebody else is sending
        it already, what comes of that is awaited and told."""
        self._in_hand.add(code_id)
        try:
            async with self._room:
                if code := await self._claim(code_id):
                    return await self._carry(code)
        finally:
            self._in_hand.discard(code_id)
        return await self._outcome(code_id)

    async def _carry(self, code: CodeRecord) -> bool:
        with follow(code.trace):
            sent = await self._send(code)
            await self._settle(code, sent)
            log.info("code_sent" if sent.taken else "code_waits", code=code.id, sms=sent.sms_id)
        return sent.taken

    async def due(self, now: datetime) -> list[int]:
        """The codes that wait to be sent, and not here already; the longest waiting first."""
        waiting = select(CodeRecord.id).where(CodeRecord.retry_at <= now)
        async with self._db.read() as session:
            found = await session.scalars(waiting.order_by(CodeRecord.retry_at, CodeRecord.id))
            return [code_id for code_id in found if code_id not in self._in_hand]

    async def latest(self, session: AsyncSession, purpose: str, target_id: int) -> int:
        """The code asked for last for that login attempt or signing request; there is one."""
        newest = select(func.max(CodeRecord.id)).where(
            CodeRecord.target_id == target_id, CodeRecord.purpose == purpose
        )
        return (await session.execute(newest)).scalar_one()

    async def sent_to(self, session: AsyncSession, iin: str, phone: str) -> int:
        """How many codes have gone out to that person, with the phone that they have now."""
        known_by = [rules.subjects_of(self._secrets, iin, about) for about in ("", phone)]
        sent = select(func.count()).where(
            CodeRecord.subject.in_([*known_by[0], *known_by[1]]),
            CodeRecord.sent_at.is_not(None),
            CodeRecord.phone.is_not(None),
        )
        return (await session.execute(sent)).scalar_one()

    async def meant(
        self, session: AsyncSession, purpose: str, targets: Sequence[int], digits: str
    ) -> int | None:
        """The attempt or request, of these, whose newest code these digits are: nothing counts."""
        theirs = CodeRecord.purpose == purpose, CodeRecord.target_id.in_(targets)
        newest = select(func.max(CodeRecord.id)).where(*theirs).group_by(CodeRecord.target_id)
        for code in await session.scalars(select(CodeRecord).where(CodeRecord.id.in_(newest))):
            if rules.fits(code.hash, self._secrets, code.id, "".join(digits.split())):
                return code.target_id
        return None

    async def check(
        self, session: AsyncSession, code_id: int, digits: str, moment: datetime, try_key: str
    ) -> CodeAnswer:
        """What the entered digits are worth, in the caller's transaction, which must commit
        whatever the outcome: a wrong try that is rolled back was never counted.

        The try is counted before it is compared. `try_key` (40 characters at most) names the
        update that brought it: the same one again is answered the same and not counted.
        """
        asked = select(
            CodeRecord.subject, CodeRecord.purpose, CodeRecord.trusted, CodeRecord.chat_id
        )
        found = (await session.execute(asked.where(CodeRecord.id == code_id))).one_or_none()
        if found is None:
            return CodeAnswer(Outcome.EXPIRED)
        failures = await failures_in(session, *found)  # before the code, as in `ask`: no deadlock
        locked = answers.lock_in_force(failures, moment)
        code = None if locked else await tries.count(session, code_id, moment, try_key)
        if code is None:
            code = await session.get_one(CodeRecord, code_id, populate_existing=True)
            return answers.to_uncounted(code, failures, moment, try_key)
        right = rules.fits(code.hash, self._secrets, code_id, "".join(digits.split()))
        if right and code.phone is not None:
            code.used_at, code.retry_at, code.offer_at = moment, None, None
            failures.failures, failures.locked_until = 0, None
            return CodeAnswer(Outcome.RIGHT)
        failures.failures += 1
        lock = rules.lock_time(failures.failures)
        if lock and not failures.trusted:
            failures.locked_until = moment + lock
        return answers.to_wrong(code, failures, moment)

    async def _claim(self, code_id: int) -> CodeRecord | None:
        """The code, if it waits to be sent: no other delivery begins while this one lasts."""
        now = self._clock.now()
        async with self._db.write() as session:
            code = await session.scalar(
                select(CodeRecord)
                .where(CodeRecord.id == code_id, CodeRecord.retry_at <= now)
                .with_for_update()
            )
            if code is None:
                return None
            if code.cap is not None and code.cap <= now:
                code.closed_at, code.retry_at, code.hash = now, None, None
                return None
            code.hash = rules.hash_of(self._secrets[0], code_id, self._digits(code))
            code.sent_at, code.retry_at = now, now + rules.LEASE
            code.expires_at = rules.expiry(now, code.cap)  # it may be entered before we are told
            return code

    def _digits(self, code: CodeRecord) -> str:
        return rules.digits_of(self._secrets[0], code.id, code.subject, code.created_at)

    async def _send(self, code: CodeRecord) -> Sending:
        """A decoy takes as long, and ends, as the last real sending did."""
        if code.phone is None:
            seconds, sent = self._last_sending
            await asyncio.sleep(seconds)
            return sent
        text = self._text(code.purpose, code.language, self._digits(code))
        began = time.monotonic()
        result = await self._sender.send(
            code.purpose, Phone(code.phone), text, urgent=True, skip=code.avoid
        )
        dark = isinstance(result.answer, Unknown)
        avoid = result.gateway if dark else None
        self._last_sending = time.monotonic() - began, Sending(result.taken, None, avoid, dark)
        return Sending(result.taken, result.sms_id, avoid, dark)

    async def _settle(self, claimed: CodeRecord, sent: Sending) -> None:
        """Record what came of a delivery, unless the code has been used, replaced or sent by
        somebody else since."""
        now = self._clock.now()
        # twice in the dark: it has most likely gone out twice, and is not to go out for ever
        taken = sent.taken or (sent.dark and claimed.avoid is not None)
        still_ours = (
            CodeRecord.id == claimed.id,
            CodeRecord.sent_at == claimed.sent_at,
            CodeRecord.retry_at.is_not(None),
        )
        async with self._db.write() as session:
            wanted = self.still_wanted is None or await self.still_wanted(session, claimed)
            code = await session.scalar(select(CodeRecord).where(*still_ours).with_for_update())
            if code is None:
                return
            if taken:
                code.retry_at, code.expires_at = None, rules.expiry(now, code.cap)
                code.sms_id = sent.sms_id
                code.offer_at = now + rules.OFFER_AFTER if self._sender.several else None
                if self.on_delivered is not None:
                    await self.on_delivered(session, code)
            elif now >= code.created_at + rules.GIVE_UP:
                code.sent_at, code.retry_at, code.closed_at = None, None, now
                if self.on_given_up is not None:
                    await self.on_given_up(session, code, now)
            else:
                code.sent_at, code.avoid = None, sent.avoid or code.avoid
                code.retry_at = now + rules.RETRY if wanted else None
                if code.avoid is None:  # else it may be on its way: who gets it may enter it
                    code.hash = code.expires_at = None
                leave_work(session, WORK)

    async def _outcome(self, code_id: int) -> bool:
        """Whether the code is out, once nobody is sending it any more, or it takes too long."""
        until = self._clock.now() + rules.PATIENCE
        while True:
            async with self._db.read() as session:
                code = await session.get(CodeRecord, code_id)
            if code is None or code.sent_at is None:
                return False
            if code.retry_at is None or min(code.retry_at, until) <= self._clock.now():
                return code.retry_at is None
            await asyncio.sleep(rules.STEP)
