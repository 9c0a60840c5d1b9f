"""Entering by a one-time code (R2-R4): consent, pair, code, link and session."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Update, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.citizens.port import CitizensBase
from core.codes import replacing
from core.codes.service import Codes
from core.codes.values import CodeAnswer, Outcome
from core.db.engine import Database
from core.db.upsert import insert
from core.identity.rules import Iin, Phone
from core.login import persons
from core.login.tables import ChatRecord, ConsentRecord, LoginAttemptRecord, PersonRecord
from core.login.values import (
    AttemptEnded,
    CodeAsked,
    Consent,
    Entered,
    Language,
    MyData,
    NotLinked,
    PairUnknown,
    Person,
)
from core.notices import service as notices
from core.notices.plan import Lane

LOGIN = "login"
AWAITS = "login_code"
"""What a chat awaits that has asked for a code, noted together with the code: a process that was
killed in between would leave a parent with a code that is taken for something else."""
NOTHING: Mapping[str, Any] = {}
ATTEMPT_LIFE = timedelta(hours=1)
"""How long further codes can be had for a pair, before the citizens' base is to be asked anew."""


class Login:
    """Links a chat to a person and opens its session (design decision 13)."""

    def __init__(
        self, db: Database, codes: Codes, citizens: CitizensBase, session_days: int = 30
    ) -> None:
        self._db = db
        self._codes = codes
        self._citizens = citizens
        self._session_life = timedelta(days=session_days)

    async def give_consent(self, chat_id: int, version: str, moment: datetime) -> None:
        """Record that R4's warning and the consent's text of that version were agreed to."""
        async with self._db.write() as session:
            await _open_chat(session, chat_id, moment)
            session.add(ConsentRecord(chat_id=chat_id, version=version, given_at=moment))

    async def begin(
        self,
        chat_id: int,
        iin: Iin,
        phone: Phone,
        *,
        by_contact: bool,
        language: Language,
        moment: datetime,
        keep: Mapping[str, Any] = NOTHING,
    ) -> CodeAsked:
        """Ask for a code for that pair, which the chat awaits from now on; `keep`: what has to
        outlive the entering. A typed pair that the citizens' base does not know gets
        the same answer as one that it knows, in the same time, and no code (R3).

        Raises PairUnknown (`by_contact` only), CodesExhausted, CitizensBaseUnavailable.
        """
        citizen = await self._citizens.find(iin, phone)
        if citizen is None and by_contact:
            raise PairUnknown
        async with self._db.write() as session:
            await _open_chat(session, chat_id, moment)
            attempt = LoginAttemptRecord(
                chat_id=chat_id,
                iin=iin.value,
                phone=phone.value,
                full_name=citizen and citizen.full_name,
                birth_date=citizen and citizen.birth_date,
                known=citizen is not None,
                created_at=moment,
            )
            return await self._ask(session, attempt, language, moment, keep)

    async def begin_again(
        self, chat_id: int, language: Language, moment: datetime, keep: Mapping[str, Any] = NOTHING
    ) -> CodeAsked:
        """The session has ended, the link lives: a code to the person's own phone.

        Raises NotLinked, CodesExhausted.
        """
        async with self._db.write() as session:
            person = await persons.linked_person(session, chat_id)
            if person is None:
                raise NotLinked
            attempt = LoginAttemptRecord(
                chat_id=chat_id,
                iin=person.iin,
                phone=person.phone,
                full_name=person.full_name,
                birth_date=person.birth_date,
                known=True,
                created_at=moment,
            )
            return await self._ask(session, attempt, language, moment, keep)

    async def resend(
        self,
        chat_id: int,
        attempt_id: int,
        language: Language,
        moment: datetime,
        keep: Mapping[str, Any] = NOTHING,
        *,
        elsewhere: bool = False,
    ) -> CodeAsked:
        """Another code for the same pair; the one before is dead. `elsewhere`: by another SMS
        gateway. Raises AttemptEnded (an hour has passed, or it is not this chat's),
        CodesExhausted."""
        async with self._db.write() as session:
            attempt = await _attempt(session, chat_id, attempt_id)
            if attempt is None or attempt.created_at + ATTEMPT_LIFE <= moment:
                raise AttemptEnded
            return await self._ask(session, attempt, language, moment, keep, elsewhere=elsewhere)

    async def enter(
        self, chat_id: int, attempt_id: int, digits: str, moment: datetime, try_key: str
    ) -> Entered | CodeAnswer:
        """Enter with the code that was sent: the chat is linked to that person, and only it.

        Any answer but RIGHT comes back as it is; an attempt that is not this chat's as EXPIRED.
        """
        async with self._db.write() as session:
            chat = await session.get(ChatRecord, chat_id, with_for_update=True)
            attempt = await _attempt(session, chat_id, attempt_id)
            if chat is None or attempt is None:
                return CodeAnswer(Outcome.EXPIRED)
            code_id = await self._codes.latest(session, LOGIN, attempt_id)
            answer = await self._codes.check(session, code_id, digits, moment, try_key)
            if answer.outcome is not Outcome.RIGHT:
                return answer
            if answer.repeated:
                return Entered(await persons.person(session, PersonRecord.iin == attempt.iin), None)
            person = await persons.know(session, attempt, moment)
            moved_from = await self._link(session, chat, person, moment)
            if moved_from is not None:
                await notices.add(
                    session,
                    kind="entered_elsewhere",
                    key=f"entered_elsewhere:{attempt_id}",
                    iin=attempt.iin,
                    lane=Lane.ANSWER,
                    only_chat=moved_from,
                    moment=moment,
                    details={},
                )
            await notices.wake(session, attempt.iin, moment)
        async with self._db.write() as session:
            # once more: a worker that looked before the commit above has found no chat
            await notices.wake(session, attempt.iin, moment)
        return Entered(person, moved_from)

    async def log_out(self, chat_id: int, moment: datetime) -> None:
        """End the session and the link: the chat is nobody's, notices go there no more."""
        async with self._db.write() as session:
            nobodys = ConsentRecord.chat_id == chat_id, ConsentRecord.person_id.is_(None)
            await session.execute(  # whoever enters here next gives their own (R4)
                update(ConsentRecord)
                .where(*nobodys, ConsentRecord.withdrawn_at.is_(None))
                .values(withdrawn_at=moment)
            )
            await session.execute(_unlink().where(ChatRecord.id == chat_id))

    async def withdraw_consent(self, chat_id: int, moment: datetime) -> None:
        """The person's consents end, and with them link and session. Their applications go on:
        the queue is the state's, not the bot's."""
        async with self._db.write() as session:
            linked = select(ChatRecord.person_id).where(ChatRecord.id == chat_id).scalar_subquery()
            await session.execute(
                update(ConsentRecord)
                .where(
                    or_(ConsentRecord.chat_id == chat_id, ConsentRecord.person_id == linked),
                    ConsentRecord.withdrawn_at.is_(None),
                )
                .values(withdrawn_at=moment)
            )
            await session.execute(_unlink().where(ChatRecord.id == chat_id))

    async def my_data(self, person_id: int) -> MyData:
        """What is held about that person."""
        async with self._db.read() as session:
            person = await persons.person(session, PersonRecord.id == person_id)
            consents = await session.scalars(
                select(ConsentRecord)
                .where(ConsentRecord.person_id == person_id)
                .order_by(ConsentRecord.id)
            )
            chat = await session.execute(
                select(
                    ChatRecord.linked_at,
                    ChatRecord.session_until,
                    ChatRecord.language,
                    ChatRecord.district,
                    ChatRecord.muted_at,
                ).where(ChatRecord.person_id == person_id)
            )
            linked_at, session_until, language, district, muted = chat.one_or_none() or (None,) * 5
            return MyData(
                person=person,
                consents=tuple(Consent(c.version, c.given_at, c.withdrawn_at) for c in consents),
                linked_at=linked_at,
                session_until=session_until,
                language=language,
                district=district,
                muted=muted is not None,
                codes_sent=await self._codes.sent_to(session, person.iin.value, person.phone.value),
            )

    async def _ask(
        self,
        session: AsyncSession,
        attempt: LoginAttemptRecord,
        language: Language,
        moment: datetime,
        keep: Mapping[str, Any],
        *,
        elsewhere: bool = False,
    ) -> CodeAsked:
        session.add(attempt)
        await session.flush()
        awaits = {"awaiting": AWAITS, "details": {**keep, "attempt": attempt.id}}
        await session.execute(
            update(ChatRecord).where(ChatRecord.id == attempt.chat_id).values(awaits)
        )
        linked = await persons.linked_person(session, attempt.chat_id)
        trusted = linked is not None and linked.iin == attempt.iin
        code_id = await self._codes.ask(
            session,
            purpose=LOGIN,
            iin=attempt.iin,
            trusted=trusted,
            chat_id=attempt.chat_id,
            target_id=attempt.id,
            phone=attempt.phone,
            decoy=not attempt.known,
            language=language,
            moment=moment,
            cap=moment + ATTEMPT_LIFE,
            elsewhere=elsewhere,
        )
        earlier = replacing.of_chat(LOGIN, attempt.chat_id, but=attempt.id)
        await replacing.close(session, earlier, moment)
        return CodeAsked(attempt.id, code_id, Phone(attempt.phone), trusted)

    async def _link(
        self, session: AsyncSession, chat: ChatRecord, person: Person, moment: datetime
    ) -> int | None:
        """One chat per person, one person per chat; tells the chat that was theirs until now."""
        moved_from: int | None = await session.scalar(
            _unlink()
            .where(ChatRecord.person_id == person.id, ChatRecord.id != chat.id)
            .returning(ChatRecord.id)
        )
        if chat.person_id != person.id:
            chat.person_id, chat.linked_at, chat.muted_at = person.id, moment, None
        chat.session_until = moment + self._session_life
        await session.execute(
            update(ConsentRecord)
            .where(ConsentRecord.chat_id == chat.id, ConsentRecord.person_id.is_(None))
            .values(person_id=person.id)
        )
        return moved_from


async def _open_chat(session: AsyncSession, chat_id: int, moment: datetime) -> None:
    """The chat's row, for those that refer to it."""
    row = insert(session, ChatRecord).values(id=chat_id, created_at=moment)
    await session.execute(row.on_conflict_do_nothing())


async def _attempt(
    session: AsyncSession, chat_id: int, attempt_id: int
) -> LoginAttemptRecord | None:
    attempt = await session.get(LoginAttemptRecord, attempt_id)
    return attempt if attempt and attempt.chat_id == chat_id else None


def _unlink() -> Update:
    """A chat becomes nobody's, and nothing is asked in it any more."""
    theirs = ("person_id", "linked_at", "session_until", "muted_at", "awaiting", "details")
    return update(ChatRecord).values(dict.fromkeys(theirs))
