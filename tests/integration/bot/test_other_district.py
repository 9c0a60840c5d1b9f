"""What is another district's, or a colleague's own, does not exist for an operator: every button
and every conversation of the desk answers about it as about nothing at all."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import product
from typing import Any, get_args

import pytest
from sqlalchemy import select, update

from bot.keyboards.staff.base import StaffButton
from bot.keyboards.staff.broadcasts import AudienceButton, BroadcastButton, Part
from bot.keyboards.staff.families import FoundButton
from bot.keyboards.staff.family import FamilyNoticeButton
from bot.keyboards.staff.imports import ApplyButton, DropButton
from core.applications.rules import Status
from core.applications.tables import ApplicationRecord
from core.broadcasts.rules import Content
from core.db.base import Base
from core.identity.rules import Iin
from core.notices.tables import NoticeRecord
from core.registry.tables import ImportRecord
from core.registry.values import Kind
from core.staff.rules import RIGHTS, Member, Right, Role
from tests import factories
from tests.integration.bot.acting import travel
from tests.integration.bot.conftest import IIN, Parent
from tests.integration.bot.test_staff_rights import buttons
from tests.integration.notices.post import moment

NOBODYS = 987_654_321
"""An id that nothing has."""
MAY_CHANGE = {"chats", "audit_log"}
"""The conversation, and that somebody has asked."""
QUEUED, VOUCHER, STOPPED, ENROLLED = 12, 13, 14, 15
NEEDS = {"version": 1, "tries": 0, "first_day": 20260413, "last_day": 20260420, "language": "kk"}
"""What else a button must carry."""


@dataclass(frozen=True)
class Others:
    """An operator of Kokshetau, and what is in Akkol: ids by the name that buttons give them."""

    operator: Parent
    ids: dict[str, list[int]]
    own: int
    colleague: Member


@pytest.fixture
async def others(parent: Parent) -> Others:
    await parent.enter()
    core, db, now = parent.core, parent.desk.db, parent.core.clock.now()
    grant = core.staff.grant
    await grant(Iin(IIN), Role.OPERATOR, "kokshetau", by=None, moment=now)
    them = await grant(Iin(factories.iin(900)), Role.OPERATOR, "akkol", by=None, moment=now)
    place = await factories.place(db, district="akkol", name="«Құпия»", free=3)
    families = []
    for number in (QUEUED, VOUCHER, STOPPED, ENROLLED):
        families.append(await factories.application(db, now, number))
    own = await factories.application(db, now, 2)
    async with db.write() as session:
        away = ApplicationRecord.id.in_(families)
        await session.execute(update(ApplicationRecord).where(away).values(district="akkol"))
        await session.execute(
            update(ApplicationRecord)
            .where(ApplicationRecord.id == families[3])
            .values(status=Status.ENROLLED.value, place_id=place)
        )
    await core.applications.issue_voucher(f"ОДО.2026.{STOPPED}", actor="portal", moment=now)
    await travel(parent, moment("13.04 09:00"))
    now = core.clock.now()
    for number in (VOUCHER, 2):
        await core.applications.issue_voucher(f"ОДО.2026.{number}", actor="portal", moment=now)
    await travel(parent, moment("15.04 08:00"))
    now = core.clock.now()
    leave = await core.leaves.register(them, families[3], now.date(), now.date(), now)
    draft = await core.broadcasts.draft(them, now)
    content = Content(texts={"kk": "Құпия мәтін"})
    await core.broadcasts.change(them, draft.id, content=content)
    async with db.read() as session:
        calls = await session.scalars(
            select(NoticeRecord.id).where(NoticeRecord.application_id.in_(families))
        )
        notices = list(calls)
    ids = {"family": families, "notice": notices, "leave": [leave], "broadcast": [draft.id]}
    return Others(parent, ids, own, them)


def choices(annotation: Any) -> list[Any]:
    """The values that a field's type names."""
    if annotation is bool:
        return [False, True]
    if isinstance(annotation, type):
        return list(annotation) if issubclass(annotation, Enum) else []
    return [one for part in get_args(annotation) for one in choices(part)] + [None]


def variants(kind: type[StaffButton]) -> Iterator[dict[str, Any]]:
    """All that such a button can ask, but for whose it is."""
    named = {name: NEEDS[name] for name in kind.model_fields if name in NEEDS}
    several = {
        name: found
        for name, field in kind.model_fields.items()
        if len(found := choices(field.annotation)) > 1
    }
    for chosen in product(*several.values()):
        asked = dict(zip(several, chosen, strict=True))
        yield {**named, **{name: value for name, value in asked.items() if value is not None}}


async def rows(parent: Parent) -> dict[str, list[Any]]:
    async with parent.desk.db.read() as session:
        return {
            table.name: [tuple(row) for row in await session.execute(select(table))]
            for table in Base.metadata.sorted_tables
            if table.name not in MAY_CHANGE
        }


async def answer(parent: Parent, data: str, *ids: int) -> str:
    """All that a press is answered, with the ids out of it."""
    await parent.core.visitors.expect(parent.id, None, None, parent.core.clock.now())
    before = len(parent.telegram.calls)
    await parent.press(data)
    return told(parent, before, *ids)


def told(parent: Parent, before: int, *ids: int) -> str:
    text = "\n".join(
        repr(call.model_dump(exclude_unset=True)) for call in parent.telegram.calls[before:]
    )
    for one in ids:
        text = re.sub(rf":{one}\b", ":#", text)
    assert text, "an answer came"
    for secret in ("Parent 1", "Child 1", "ОДО.2026.1", "Құпия"):
        assert secret not in text
    return text


async def test_buttons_that_name_what_is_another_districts(others: Others) -> None:
    operator = others.operator
    before, pressed = await rows(operator), 0
    for kind in buttons():
        named = kind.model_fields.keys() & others.ids.keys()
        if kind.right not in RIGHTS[Role.OPERATOR] or not named or "-" in kind.__prefix__:
            continue
        for asked in variants(kind):
            nothing = {**asked, **dict.fromkeys(named, NOBODYS)}
            expected = await answer(operator, kind(**nothing).pack(), NOBODYS)
            for ids in product(*(others.ids[name] for name in named)):
                theirs = {**asked, **dict(zip(named, ids, strict=True))}
                assert await answer(operator, kind(**theirs).pack(), *ids) == expected, theirs
                pressed += 1
    assert pressed > 100
    assert await rows(operator) == before


async def test_a_notice_of_another_family_is_not_shown_with_ones_own(others: Others) -> None:
    for notice in others.ids["notice"]:
        forged = FamilyNoticeButton(family=others.own, notice=notice)
        nothing = FamilyNoticeButton(family=others.own, notice=NOBODYS)
        expected = await answer(others.operator, nothing.pack(), NOBODYS)
        assert await answer(others.operator, forged.pack(), NOBODYS) == expected


CONVERSATIONS: list[tuple[str, dict[str, Any], str, str]] = [
    ("staff_bc_text", {"language": "kk"}, "broadcast", "Сәлем"),
    ("staff_bc_link", {}, "broadcast", "https://a.kz"),
    ("staff_bc_home", {}, "broadcast", "а"),
    ("staff_phone", {}, "family", "87010000001"),
    ("staff_leave_days", {}, "number", "20.04.2026 25.04.2026"),
    ("staff_number", {"act": "broadcast", "number": 7, "version": 2}, "broadcast", "7"),
    ("staff_number", {"act": "distribution", "number": 7}, "distribution", "7"),
]


@pytest.mark.parametrize(("state", "details", "name", "text"), CONVERSATIONS)
async def test_conversations_about_what_is_not_theirs(
    others: Others, state: str, details: dict[str, Any], name: str, text: str
) -> None:
    """The role may have gone to another district in their midst: what is kept is not believed."""
    operator, now = others.operator, others.operator.core.clock.now()
    ids: dict[str, Sequence[object]] = dict(others.ids)
    planned = await operator.core.distribution.plan(others.colleague, "akkol", 1, now)
    assert planned is not None
    ids["distribution"] = [planned.id]
    ids["number"] = [f"ОДО.2026.{number}" for number in (QUEUED, ENROLLED)]
    nobodys = f"ОДО.2026.{NOBODYS}" if name == "number" else NOBODYS
    before = await rows(operator)
    answers = []
    for one in (nobodys, *ids[name]):
        kept = {**details, name: one}
        await operator.core.visitors.expect(operator.id, state, kept, now)
        sent = len(operator.telegram.calls)
        written = await operator.say(text)
        answers.append(told(operator, sent, written).replace(str(written), "#"))
    told_ids = {"".join(c for c in a if not c.isdigit()) for a in answers}
    assert len(told_ids) == 1
    assert await rows(operator) == before


async def test_what_was_found_before_the_role_changed_is_shown_no_more(others: Others) -> None:
    operator, now = others.operator, others.operator.core.clock.now()
    found = {"found": others.ids["family"], "more": False}
    await operator.core.visitors.expect(operator.id, "staff_find", found, now)
    sent = len(operator.telegram.calls)
    await operator.press(FoundButton().pack())
    told(operator, sent)
    for wanted in ("ОДО.2026.12", "Child 12", factories.iin(12), "«Құпия»"):
        await operator.core.visitors.expect(operator.id, "staff_find", {}, now)
        sent = len(operator.telegram.calls)
        await operator.say(wanted)
        told(operator, sent)


async def test_an_audience_does_not_leave_the_district(others: Others) -> None:
    """Whatever district is forged into it, on one's own draft."""
    operator, now = others.operator, others.operator.core.clock.now()
    me = await operator.core.staff.with_iin(Iin(IIN))
    assert me is not None
    draft = await operator.core.broadcasts.draft(me, now)
    for value in ("akkol", "kokshetau", "*", "nowhere"):
        forged = AudienceButton(broadcast=draft.id, part=Part.DISTRICTS, value=value)
        await operator.press(forged.pack())
        kept = await operator.core.broadcasts.one(me, draft.id)
        assert kept.audience.districts == {"kokshetau"}
    counted = await operator.core.broadcasts.count(me, draft.id)
    assert counted.people == 1
    for part in Part:
        forged = AudienceButton(broadcast=draft.id, part=part, value="nothing of the sort")
        await operator.press(forged.pack())
        await operator.press(BroadcastButton(broadcast=draft.id).pack())
        assert "went wrong" not in await operator.seen()
    kept = await operator.core.broadcasts.one(me, draft.id)
    assert not kept.audience.categories


async def test_files_that_a_colleague_has_sent_are_not_ones_own(others: Others) -> None:
    """Heads serve the whole region, and still each has files of their own."""
    operator, core = others.operator, others.operator.core
    now = core.clock.now()
    await core.staff.grant(Iin(IIN), Role.HEAD, None, by=None, moment=now)
    boss = await core.staff.grant(Iin(factories.iin(901)), Role.HEAD, None, by=None, moment=now)
    theirs = await core.imports.begin(boss, Kind.CITIZENS, now)
    await core.imports.report(boss, theirs)
    before = await rows(operator)
    for kind in (ApplyButton, DropButton):
        assert kind.right is Right.IMPORT
        expected = await answer(operator, kind(id=NOBODYS).pack(), NOBODYS)
        assert await answer(operator, kind(id=theirs).pack(), theirs) == expected
    kept = {"act": "import", "number": 0, "import_id": theirs}
    await core.visitors.expect(operator.id, "staff_number", kept, now)
    await operator.say("0")
    assert await rows(operator) == before
    async with operator.desk.db.read() as session:
        assert (await session.get_one(ImportRecord, theirs)).state == "reported"
