"""Signing an act with a one-time code (D5, D8): pressed, reserved, then signed or given up."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.cards import card
from core.applications.changes import locked, situation
from core.applications.rules import Event, Refusal, Refused, reopening
from core.applications.tables import ApplicationRecord
from core.applications.values import NotYours
from core.calendar.rules import Calendar
from core.calendar.service import CalendarBook
from core.codes.service import Codes
from core.codes.values import CodeAnswer, Outcome
from core.db.engine import Database
from core.login.values import Person
from core.signing import asking, requests
from core.signing.acts import facts_of, perform, stand_in_time, wanted_place
from core.signing.tables import SignatureRecord, SigningRequestRecord
from core.signing.values import SMS_CODE, Asked, Document, Signed, Waiting


class Signing:
    """The way from a press to a signature."""

    def __init__(
        self,
        db: Database,
        codes: Codes,
        calendar: CalendarBook,
        text: Callable[[str, dict[str, Any], str], str],
    ) -> None:
        """`text` makes the canonical text of an act: (act, facts, language) -> text."""
        self._db = db
        self._codes = codes
        self._calendar = calendar
        self._text = text

    async def press(
        self,
        application_id: int,
        person: Person,
        chat_id: int,
        act: Event,
        language: str,
        moment: datetime,
        *,
        version: int | None = None,
        place_id: int | None = None,
    ) -> Asked:
        """Reserve an act at the moment of its press and ask for its code.

        The same press again shows the request that the first one made, also after stepping back
        from it, while its code lives. Raises NotYours, Refused (STALE: the button was made for
        another version), CodesExhausted.
        """
        calendar = await self._calendar.load()
        async with self._db.write() as session:
            record = await _theirs(session, application_id, person)
            _check_version(record, version, moment)
            current = await requests.open_of(session, record.id)
            if current and requests.waits_for(current, act, place_id, moment):
                return await asking.asked(session, current)
            await stand_in_time(session, record, act, calendar, pressed_at=moment, at=moment)
            place = await wanted_place(session, record, act, place_id, calendar, moment)
            if current:
                await requests.close(session, current, record, "replaced", moment)
            facts = facts_of(record, person, act, place, calendar)
            text = self._text(act.value, facts, language)
            left = None if current else await requests.left(session, record.id, moment)
            if left and (left[0].facts, left[0].text, left[0].chat_id) == (facts, text, chat_id):
                request, code = left
                await asking.hold(session, request, place)
                await requests.take_up(session, request, code, moment)
                return await asking.asked(session, request)
            request = SigningRequestRecord(
                application_id=record.id,
                person_id=person.id,
                chat_id=chat_id,
                act=act.value,
                facts=facts,
                text=text,
                digest=sha256(text.encode()).hexdigest(),
                pressed_at=moment,
                expires_at=None,
                state="open",
            )
            session.add(request)
            await session.flush()
            await asking.hold(session, request, place)
            await asking.ask(
                session, self._codes, request, record, person, chat_id, language, moment
            )
            return await asking.asked(session, request)

    async def resend(
        self,
        request_id: int,
        person: Person,
        chat_id: int,
        language: str,
        moment: datetime,
        *,
        elsewhere: bool = False,
    ) -> Asked:
        """A new code for the same act; past the term's end the reservation is not prolonged.
        `elsewhere`: by another SMS gateway. Where the code has run out, as one does that is slow
        to come, it is a new press of the same act.

        Raises NotYours, CodesExhausted, and Refused: NOT_NOW where the request was signed, left or
        replaced, else what a press raises.
        """
        async with self._db.write() as session:
            request, record = await _both(session, request_id, person)
            if requests.lives(request, moment):
                await asking.ask(
                    session,
                    self._codes,
                    request,
                    record,
                    person,
                    chat_id,
                    language,
                    moment,
                    elsewhere=elsewhere,
                )
                return await asking.asked(session, request)
            if request.state not in ("open", "expired"):
                raise Refused(Refusal.NOT_NOW)
        return await self.press(
            request.application_id,
            person,
            chat_id,
            Event(request.act),
            language,
            moment,
            version=request.facts["version"],
            place_id=request.facts.get("place_id"),
        )

    async def abandon(self, request_id: int, person: Person, moment: datetime) -> None:
        """The parent steps back: what the request held is free again. Raises NotYours."""
        async with self._db.write() as session:
            request, record = await _both(session, request_id, person)
            if request.state == "open":
                await requests.leave(session, request, record, moment)

    async def enter(
        self, request_id: int, person: Person, digits: str, moment: datetime, try_key: str
    ) -> Signed | CodeAnswer:
        """Sign with the code that was sent. A signed request answers Signed again.

        Raises NotYours, and Refused when the act has become impossible: nothing changes then.
        """
        calendar = await self._calendar.load()
        async with self._db.write() as session:
            request, record = await _both(session, request_id, person)
            if request.state in ("replaced", "left"):
                if record.version != request.facts["version"]:  # the portal has changed it (D13)
                    raise Refused(Refusal.STALE)
                return CodeAnswer(Outcome.EXPIRED)
            if request.state != "signed":
                code = await requests.code_of(session, request.id)
                if code is None:
                    return CodeAnswer(Outcome.EXPIRED)
                answer = await self._codes.check(session, code.id, digits, moment, try_key)
                if answer.outcome is not Outcome.RIGHT:
                    return answer
                await _sign(session, request, record, calendar, moment)
            act = Event(request.act)
            found = await card(session, request.application_id, moment)
            assert found is not None
            return Signed(act, found)

    async def waiting(self, chat_id: int, person: Person, moment: datetime) -> Waiting | None:
        """The newest act that waits for its code in that chat."""
        async with self._db.read() as session:
            found = await requests.waiting_in(session, chat_id, person.id, moment)
            return Waiting(found[0].application_id, found[0].id) if found else None

    async def meant(
        self, awaited: Waiting, chat_id: int, person: Person, digits: str, moment: datetime
    ) -> Waiting:
        """Whose code these digits are: mostly that of what is awaited; where two children's acts
        wait in one chat, their messages look alike. Nothing is counted here."""
        async with self._db.read() as session:
            waiting = await requests.waiting_in(session, chat_id, person.id, moment)
            others = {one.id: one.application_id for one in waiting if one.id != awaited.request_id}
            ids = [awaited.request_id, *others]
            found = await self._codes.meant(session, "sign", ids, digits) if others else None
            return Waiting(others[found], found) if found in others else awaited

    async def documents(self, application_id: int, person: Person) -> list[Document]:
        """Referral and contract (R10, R14) of what was signed, newest first."""
        async with self._db.read() as session:
            records = await session.scalars(
                select(SignatureRecord)
                .where(
                    SignatureRecord.application_id == application_id,
                    SignatureRecord.person_id == person.id,
                    SignatureRecord.act.in_(DOCUMENTS),
                )
                .order_by(SignatureRecord.id.desc())
            )
            return [
                Document(kind, record.id, record.signed_at, record.digest, record.method, facts)
                for record in records
                for facts in [record.facts]
                for kind in DOCUMENTS[record.act]
            ]


DOCUMENTS = {
    Event.TAKE_PLACE.value: ("referral", "contract"),
    Event.TAKE_TEMPORARY_PLACE.value: ("referral",),
}
"""Which documents a signed act makes."""


async def _sign(
    session: AsyncSession,
    request: SigningRequestRecord,
    record: ApplicationRecord,
    calendar: Calendar,
    moment: datetime,
) -> None:
    await perform(session, request, record, calendar, at=moment)
    request.state = "signed"
    session.add(
        SignatureRecord(
            request_id=request.id,
            application_id=request.application_id,
            person_id=request.person_id,
            act=request.act,
            facts=request.facts,
            text=request.text,
            digest=request.digest,
            method=SMS_CODE,
            signed_at=moment,
        )
    )
    await session.flush()


async def _theirs(session: AsyncSession, application_id: int, person: Person) -> ApplicationRecord:
    record = await locked(session, application_id)
    if record is None or record.applicant_iin != person.iin.value:
        raise NotYours
    return record


async def _both(
    session: AsyncSession, request_id: int, person: Person
) -> tuple[SigningRequestRecord, ApplicationRecord]:
    """A request and its application, locked: the application first, as a press does, or the two
    would wait for each other."""
    request = await session.get(SigningRequestRecord, request_id)
    if request is None or request.person_id != person.id:
        raise NotYours
    record = await _theirs(session, request.application_id, person)
    await session.refresh(request, with_for_update=True)
    return request, record


def _check_version(record: ApplicationRecord, version: int | None, moment: datetime) -> None:
    """A button stays good while nothing happened; what the sweep did can be taken back by a press
    that came before it (D8)."""
    known = {None, record.version}
    if record.missed and reopening(situation(record), moment):
        known.add(record.missed["version"])
    if version not in known:
        raise Refused(Refusal.STALE)
