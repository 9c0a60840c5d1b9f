"""House and world side by side: whatever differs is named."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, true

from core.applications.cards import cards
from core.applications.tables import HistoryRecord
from core.applications.values import NumberedCard
from core.clock import local
from core.login.tables import ChatRecord
from core.notices.tables import NoticeRecord
from core.places.tables import HoldRecord, PlaceRecord, StayRecord
from core.signing.tables import SigningRequestRecord
from tests.model.house import RealHouse
from tests.model.notices import Notice
from tests.model.people import NAMES, registered_at
from tests.model.rules import HERE, Child, Parent, Place, Request
from tests.model.world import World

NEVER = datetime(2100, 1, 1, tzinfo=HERE)


class Comparing:
    """Remembers what it has seen, so that every notice is counted once."""

    def __init__(self, house: RealHouse, world: World) -> None:
        self.house = house
        self.world = world
        self._told: list[tuple[str, int]] = []

    async def after(self, *, nobody_acted: bool) -> None:
        """AssertionError with the first difference. `nobody_acted`: every message that came
        since the last look must be a notice."""
        notices = await self._records()
        await self._arrived(notices, nobody_acted=nobody_acted)

    async def _records(self) -> list[NoticeRecord]:
        """All but the chats; returns what the house has noted of its notices."""
        house, world = self.house.inside, self.world
        assert house.core.clock.now() == world.now
        async with house.core.db.read() as session:
            found = {card.id: card for card in await cards(session, true(), world.now)}
            lines = await session.execute(
                select(HistoryRecord.application_id, func.count()).group_by(
                    HistoryRecord.application_id
                )
            )
            history = {row[0]: row[1] for row in lines}
            places = {place.id: place for place in await session.scalars(select(PlaceRecord))}
            holds = list(await session.scalars(select(HoldRecord)))
            stays = list(await session.scalars(select(StayRecord)))
            pressed = list(
                await session.scalars(
                    select(SigningRequestRecord).order_by(SigningRequestRecord.id)
                )
            )
            requests = {one.application_id: one for one in pressed if one.state == "open"}
            chats = {chat.id: chat for chat in await session.scalars(select(ChatRecord))}
            notices = list(await session.scalars(select(NoticeRecord)))
        for child in world.children:
            _same(child, _of_card(found[child.id]), _of_child(child, world))
            _same(child, {"history": history.get(child.id, 0)}, {"history": child.changes})
            held = next((hold.place_id for hold in holds if hold.application_id == child.id), None)
            _same(child, _of_record(requests.get(child.id), held), _of_request(child.request))
        for place in world.places:
            here = [card for card in found.values() if card.place and card.place.id == place.id]
            taken = len(here)
            taken += sum(stay.place_id == place.id and not _given_back(stay) for stay in stays)
            held_here = sum(hold.place_id == place.id for hold in holds)
            _never_oversold(place, places[place.id].free, taken, held_here)
        for child in world.children:
            acts = dict.fromkeys(c.request for c in child.parent.codes if c.request.child is child)
            theirs = (one.id for one in pressed if one.application_id == child.id)
            for act, number in zip(acts, theirs, strict=True):
                act.id = number
        for parent in world.parents:
            _same(parent, _of_chat(chats[parent.id]), _of_waiting(parent))
        _as_owed(notices, world)
        listed = await house.core.calls.listed(world.now)
        called = {card.registration_number: card.id for card in found.values()}
        assert {called[call.registration_number] for call in listed} == world.to_be_called()
        return notices

    async def _arrived(self, notices: list[NoticeRecord], *, nobody_acted: bool) -> None:
        """Each notice has arrived once, at its parent, with its child and its day."""
        new = self.world.told[len(self._told) :]
        arrived = await self.house.sent()
        if nobody_acted:
            assert len(arrived) == len(new), f"{arrived} for {new}"
        for notice in new:
            nth = self._told.count(_kind(notice))
            self._told.append(_kind(notice))
            ids = [
                record.message_id
                for record in sorted(
                    notices, key=lambda record: (record.sent_at or NEVER, record.id)
                )
                if (record.kind, record.application_id) == _kind(notice) and record.message_id
            ]
            texts = [
                text
                for chat, message_id, text in arrived
                if (chat, message_id) == (notice.child.parent.id, ids[nth])
            ]
            assert len(texts) == 1, f"{notice} arrived {len(texts)} times"
            assert all(word in texts[0] for word in _words(notice)), f"{notice}: {texts[0]}"
        codes = await self.house.codes()
        for parent in self.world.parents:
            assert len(codes[parent.id]) == len(parent.sms), f"codes that came to {parent.id}"
        texted = Counter(notice.child.parent.id for notice in self.world.texted)
        assert texted == Counter(await self.house.notice_texts())


def _as_owed(notices: list[NoticeRecord], world: World) -> None:
    """What has gone out, what is still to go, and nothing else; calls are made by people."""
    rows = [row for row in notices if row.channel != "call"]
    out = Counter((row.kind, row.channel, row.application_id) for row in rows if row.sent_at)
    assert out == Counter((n.kind, n.channel, n.child.id) for n in [*world.told, *world.texted])
    waiting = Counter(
        (row.kind, row.channel, row.application_id, row.planned_at)
        for row in rows
        if row.state in ("pending", "sending")
    )
    assert waiting == Counter((n.kind, n.channel, n.child.id, n.planned) for n in world.owed)
    over = {"cancelled", "expired"}
    assert sum(row.state in over for row in rows) == len(world.ended)
    assert len(rows) == len(world.told) + len(world.texted) + len(world.owed) + len(world.ended)
    open_still = [row.id for row in rows if row.state in over and row.due_at is not None]
    assert not open_still, "what has ended is not looked at again"


def _same(what: Any, house: dict[str, Any], world: dict[str, Any]) -> None:
    name = f"{type(what).__name__.lower()} {what.id}"
    differing = {k: (house[k], world[k]) for k in world if house[k] != world[k]}
    assert not differing, f"{name}, in the house and by the rules: {differing}"


def _of_card(card: NumberedCard) -> dict[str, Any]:
    term, stay = card.deadline, card.stay
    return {
        "status": card.status.value,
        "version": card.version,
        "last_day": term and term.last_day,
        "ends_at": term and term.ends_at,
        "restored": card.restored,
        "because": card.archived_because and card.archived_because.value,
        "place": card.place and card.place.id,
        "stay": stay and (stay.place.id, stay.last_day, stay.withdraw_on),
        "may": {act.value for act in card.actions},
        "number": card.queue_number,
        "registered_at": card.registered_at,
        "changed_at": card.changed_at,
    }


def _of_child(child: Child, world: World) -> dict[str, Any]:
    stay = child.stay
    return {
        "status": child.status,
        "version": child.version,
        "last_day": child.last_day,
        "ends_at": child.ends_at,
        "restored": child.restored,
        "because": child.because,
        "place": child.place and child.place.id,
        "stay": stay and (stay.place.id, stay.last_day, stay.withdrawn_at.date()),
        "may": child.may(world.now),
        "number": world.number(child),
        "registered_at": registered_at(child),
        "changed_at": child.changed_at,
    }


def _of_record(record: SigningRequestRecord | None, held: int | None) -> dict[str, Any]:
    if record is None:
        return {"act": None, "place": None, "ends_at": None, "held": held}
    return {
        "act": record.act,
        "place": record.facts.get("place_id"),
        "ends_at": record.expires_at,
        "held": held,
    }


def _of_request(request: Request | None) -> dict[str, Any]:
    place = request and request.place and request.place.id
    return {
        "act": request and request.act,
        "place": place,
        "ends_at": request and request.ends_at,
        "held": place,
    }


def _of_chat(chat: ChatRecord) -> dict[str, Any]:
    signing = chat.awaiting == "signing_code"
    return {"waits": (chat.details or {})["request"] if signing else chat.awaiting}


def _of_waiting(parent: Parent) -> dict[str, Any]:
    return {"waits": parent.waits.id if isinstance(parent.waits, Request) else parent.waits}


def _given_back(stay: StayRecord) -> bool:
    """A contract in time gives the temporary place back (D4); its end closes it (R15)."""
    if stay.ended_at is None or stay.ended_because != "enrolled":
        return False
    return stay.ended_at < stay.withdraw_at and local(stay.ended_at).date() <= stay.last_day


def _never_oversold(place: Place, free: int, taken: int, held: int) -> None:
    """D6: none is given twice, none is lost."""
    assert free >= 0
    assert free == place.free, f"free in place {place.id}: {free}, by the rules {place.free}"
    assert taken + held + free == place.total, f"place {place.id}: {taken} + {held} + {free}"


def _kind(notice: Notice) -> tuple[str, int]:
    return notice.kind, notice.child.id


def _words(notice: Notice) -> list[str]:
    """What a notice's text must hold."""
    day = [f"{notice.day:%d.%m.%Y}"] if notice.day else []
    return [NAMES[notice.child.id - 1], *day]
