"""Lets the past happen: every step goes through core's own rules, records and history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from random import Random
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from core.applications.changes import change
from core.applications.rules import BY_CLOCK, BY_PARENT, Event, Status
from core.applications.tables import ApplicationRecord, HistoryRecord
from core.calendar.rules import Calendar
from core.identity.rules import Iin, Phone
from core.login.tables import PersonRecord
from core.login.values import Person
from core.places import stays
from core.places.service import row_of
from core.places.tables import PlaceRecord
from core.places.values import PlaceRow
from core.signing.acts import PLACE_ACTS, facts_of
from core.signing.tables import SignatureRecord, SigningRequestRecord
from core.signing.values import SMS_CODE
from seed.applications import Filed
from seed.kindergartens import Home
from seed.people import DeskPerson
from seed.stories import Step


@dataclass(frozen=True)
class Past:
    """What the steps need: `homes` are in the database already."""

    session: AsyncSession
    calendar: Calendar
    homes: Sequence[Home]
    random: Random

    async def happen(self, everybody: Sequence[Filed]) -> None:
        """Everything that happened to these applications; they are in the database already."""
        signers = await self._signers(everybody)
        requests = [
            request
            for filed in everybody
            for request in await self._happen(filed, signers.get(filed.record.id))
        ]
        self.session.add_all(requests)
        await self.session.flush()
        self.session.add_all(_signature(request) for request in requests)

    async def _signers(self, everybody: Sequence[Filed]) -> dict[int, tuple[Person, int]]:
        """Application id -> the person at the desk who signed for it, and their chat."""
        signed = [
            (filed, filed.signer, PersonRecord(**_known(filed.signer), created_at=entered_at))
            for filed in everybody
            for entered_at in [_first_act(filed.steps)]
            if filed.signer is not None and entered_at is not None
        ]
        self.session.add_all(record for _, _, record in signed)
        await self.session.flush()
        return {
            filed.record.id: (
                Person(record.id, Iin(signer.iin), signer.full_name, Phone(signer.phone)),
                signer.id,
            )
            for filed, signer, record in signed
        }

    async def _happen(
        self, filed: Filed, signer: tuple[Person, int] | None
    ) -> list[SigningRequestRecord]:
        """One application's past. What its parent signed at the desk comes back."""
        self.session.add(_registered(filed.record))
        requests = []
        for step in filed.steps:
            at = step.at or filed.record.ends_at
            assert at is not None
            place = self._choose(filed, step.event) if step.event in PLACE_ACTS else None
            if signer is not None and step.event in BY_PARENT:
                requests.append(self._request(filed.record, signer, step.event, place, at))
            await self._change(filed.record, step.event, at, signer, place)
        return requests

    def _choose(self, filed: Filed, act: Event) -> tuple[PlaceRecord, PlaceRow]:
        """A place of the district in the act's mode, in the parent's language if there is one."""
        fitting = [
            (place, row_of(place, home.record))
            for home in self.homes
            if home.record.district == filed.record.district
            for place in home.places
            if place.mode == PLACE_ACTS[act].value
        ]
        language = filed.signer and filed.signer.language_code
        return self.random.choice([p for p in fitting if p[1].language == language] or fitting)

    def _request(
        self,
        record: ApplicationRecord,
        signer: tuple[Person, int],
        act: Event,
        place: tuple[PlaceRecord, PlaceRow] | None,
        at: datetime,
    ) -> SigningRequestRecord:
        """What was put before the parent, signed at once."""
        person, chat_id = signer
        facts = facts_of(record, person, act, place[1] if place else None, self.calendar)
        text = "\n".join(f"{key}: {value}" for key, value in facts.items())
        return SigningRequestRecord(
            application_id=record.id,
            person_id=person.id,
            chat_id=chat_id,
            act=act.value,
            facts=facts,
            text=text,
            digest=sha256(text.encode()).hexdigest(),
            pressed_at=at,
            expires_at=None,
            state="signed",
        )

    async def _change(
        self,
        record: ApplicationRecord,
        event: Event,
        at: datetime,
        signer: tuple[Person, int] | None,
        place: tuple[PlaceRecord, PlaceRow] | None,
    ) -> None:
        by_parent = event in BY_PARENT
        await change(
            self.session,
            record,
            event,
            calendar=self.calendar,
            pressed_at=at,
            at=at,
            actor="parent" if by_parent else "clock" if event in BY_CLOCK else "portal",
            person_id=signer[0].id if signer and by_parent else None,
            details={"kindergarten": place[1].kindergarten} if place else {},
        )
        if place is not None and event is Event.TAKE_PLACE:
            record.place_id = place[0].id
        if place is not None and event is Event.TAKE_TEMPORARY_PLACE:
            await stays.begin(self.session, record, place[0], self.calendar, at)


def _registered(record: ApplicationRecord) -> HistoryRecord:
    return HistoryRecord(
        application_id=record.id,
        at=record.registered_at,
        event="registered",
        from_status=None,
        to_status=Status.IN_QUEUE.value,
        actor="portal",
        details={},
    )


def _first_act(steps: Sequence[Step]) -> datetime | None:
    """When the parent first did something."""
    return next((step.at for step in steps if step.event in BY_PARENT), None)


def _known(person: DeskPerson) -> dict[str, Any]:
    return {
        "iin": person.iin,
        "full_name": person.full_name,
        "birth_date": person.birth_date,
        "phone": person.phone,
    }


def _signature(request: SigningRequestRecord) -> SignatureRecord:
    return SignatureRecord(
        request_id=request.id,
        application_id=request.application_id,
        person_id=request.person_id,
        act=request.act,
        facts=request.facts,
        text=request.text,
        digest=request.digest,
        method=SMS_CODE,
        signed_at=request.pressed_at,
    )
