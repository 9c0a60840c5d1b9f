"""Every button that the bot has, pressed by people whom it does not concern (D11, design 4, 13).

The buttons are found by introspection: a new one is in these tests without anybody's thinking of
it, and one that cannot be made here makes them fail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from itertools import product
from typing import Any, Literal, get_args, get_origin

import pytest
from aiogram.filters.callback_data import CallbackData
from pydantic.fields import FieldInfo
from sqlalchemy import select, update

from bot.keyboards.application import DocumentButton, OpenApplication, Tab
from bot.keyboards.base import ApplicationButton
from bot.keyboards.login import NewLoginCodeButton
from bot.keyboards.menu import MenuButton
from bot.keyboards.mydata import LeaveButton, WithdrawButton
from bot.keyboards.places import SignPlaceButton
from bot.keyboards.staff.base import StaffButton
from bot.keyboards.voucher import ActButton
from bot.screens import troubles
from core.applications.rules import Event
from core.applications.tables import ApplicationRecord
from core.codes.rules import Why
from core.codes.values import CodesExhausted
from core.login.tables import ChatRecord, LoginAttemptRecord
from core.places.tables import HoldRecord
from core.signing.tables import SignatureRecord, SigningRequestRecord
from seed.people import AINUR, DAUREN, ELENA, GULNAR, OLGA, PAVEL, START, TIMUR, ZHANNA, DeskPerson
from tests.buttons import all_buttons
from tests.e2e import ways
from tests.e2e.player import Desk, Player
from tests.e2e.watching import (
    ASKING_FOR_A_CODE,
    CONVERSATION,
    answered,
    house_of,
    nothing_changes,
    press_forged,
)


@dataclass(frozen=True)
class Target:
    """Another parent's application, with what its buttons name and what must not be revealed."""

    names: dict[str, Any]
    secrets: frozenset[str]


Targets = dict[str, Target]


@dataclass(frozen=True)
class Strangers:
    """One who has entered, one whose session is over, one who has never entered."""

    entered: Player
    late: Player
    new: Player


BY_ACT = {
    Event.CONFIRM_INTEREST: "with a voucher",
    Event.REFUSE_VOUCHER: "with a voucher",
    Event.REMOVE_FROM_QUEUE: "in the queue",
    Event.RESTORE: "on the stop list",
}
"""Where its owner could do it. An act that is not here is a new one: say where it belongs."""
OWNERS = {
    "with a voucher": AINUR,
    "in the queue": ELENA,
    "on the stop list": DAUREN,
    "choosing": GULNAR,
    "with documents": PAVEL,
}
HARMLESS = {"language": "ru", "district": "kosshy", "topic": ""}
"""What the buttons name that concern nobody else."""


def buttons_of(kind: type[CallbackData], targets: Targets) -> list[CallbackData]:
    """This kind of button in all its variants, about another parent's application."""
    choices = {
        name: choices_of(field) for name, field in kind.model_fields.items() if has_choices(field)
    }
    made = []
    for chosen in product(*choices.values()):
        fields = dict(zip(choices, chosen, strict=True))
        target = targets[where(kind, fields)]
        for name, field in kind.model_fields.items():
            if name not in fields and (field.is_required() or name in HARMLESS):
                assert name in target.names, f"say what another parent's {kind.__name__} names"
                fields[name] = target.names[name]
        made.append(kind(**fields))
    return made


def where(kind: type[CallbackData], fields: dict[str, Any]) -> str:
    """Whose application this button could do something with."""
    if "act" in fields:
        return BY_ACT[fields["act"]]
    if kind is DocumentButton or fields.get("tab") is Tab.DOCUMENTS:
        return "with documents"
    return "choosing"


def has_choices(field: FieldInfo) -> bool:
    """Whether its type says all the values that it can have. Filters of a list do not count."""
    return bool(choices_of(field)) and (field.is_required() or is_enum(field.annotation))


def choices_of(field: FieldInfo) -> list[Any]:
    if field.annotation is bool:
        return [False, True]
    if get_origin(field.annotation) is Literal:
        return list(get_args(field.annotation))
    return list(field.annotation) if is_enum(field.annotation) else []  # type: ignore[call-overload]


def is_enum(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Enum)


OF_APPLICATIONS = [kind for kind in all_buttons() if issubclass(kind, ApplicationButton)]
ALL_OTHERS = sorted(
    (
        kind
        for kind in all_buttons()
        if kind not in OF_APPLICATIONS and not issubclass(kind, StaffButton)
    ),
    key=lambda kind: (kind in (WithdrawButton, LeaveButton), kind.__name__),
)
"""What ends the link comes last, or nothing after it would be pressed by a person who entered. The
staff desk's have a test of their own, with every role."""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: what is refused reaches neither."""
    return sqlite_url


@pytest.fixture
async def targets(desk: Desk) -> Targets:
    """Other people's applications: one of each kind of situation, one in the midst of signing."""
    await desk.voucher()
    owner = desk.player(GULNAR.id, "en")
    await ways.enter(owner)
    await owner.press("Choose a kindergarten")
    await owner.press_label(next(label for label in await owner.labels() if "«" in label))
    await owner.press("Choose this one")
    await owner.press("Sign and send")
    return {name: await target(desk, person) for name, person in OWNERS.items()}


async def target(desk: Desk, owner: DeskPerson) -> Target:
    """The owner's application as the database has it."""
    async with house_of(desk).core.db.read() as session:
        record = await session.scalar(
            select(ApplicationRecord).where(ApplicationRecord.applicant_iin == owner.iin).limit(1)
        )
        assert record is not None
        request = select(SigningRequestRecord.id).where(SigningRequestRecord.state == "open")
        signature = select(SignatureRecord.id).where(SignatureRecord.application_id == record.id)
        names = {
            **HARMLESS,
            "application": record.id,
            "version": record.version,
            "place": await session.scalar(select(HoldRecord.place_id)),
            "request": await session.scalar(request),
            "signature": await session.scalar(signature),
            "kind": "contract",
            "attempt": await session.scalar(select(LoginAttemptRecord.id)),
        }
    secrets = {record.registration_number, record.child_name, record.child_given_name}
    secrets |= {record.applicant_name, owner.iin, owner.phone, record.applicant_address}
    return Target(names, frozenset(secrets))


@pytest.fixture
async def strangers(targets: Targets, desk: Desk) -> Strangers:
    entered, late, new = (desk.player(who.id, "en") for who in (OLGA, TIMUR, ZHANNA))
    await ways.enter(entered)
    await ways.enter(late)
    await new.say("/start")
    await new.press_label("English")
    await new.press_label("Kokshetau city")
    core = house_of(desk).core
    over = update(ChatRecord).where(ChatRecord.id == late.id)
    async with core.db.write() as session:
        await session.execute(over.values(session_until=core.clock.now() - timedelta(days=1)))
    await desk.post("/sim/clock", advance="PT2M")  # a code can be asked for again
    return Strangers(entered, late, new)


async def press_all(
    player: Player, targets: Targets, kinds: Sequence[type[CallbackData]]
) -> list[str]:
    """Every button of these kinds: answered, and nothing revealed. The answers."""
    answers = []
    secrets = [secret for target in targets.values() for secret in target.secrets]
    for kind in kinds:
        for button in buttons_of(kind, targets):
            text = await press_forged(player, button.pack())
            assert [s for s in secrets if s.casefold() in text.casefold()] == [], button
            answers.append(text)
    return answers


def test_a_button_that_cannot_be_made_here_is_noticed() -> None:
    class NewButton(ApplicationButton, prefix="new"):
        shoe_size: int

    target = Target({"application": 1, "version": 1}, frozenset())
    with pytest.raises(AssertionError, match="NewButton"):
        buttons_of(NewButton, {"choosing": target})


def test_the_buttons_are_found() -> None:
    assert {ActButton, SignPlaceButton, DocumentButton, OpenApplication} <= set(OF_APPLICATIONS)
    assert {MenuButton, WithdrawButton, LeaveButton, NewLoginCodeButton} <= set(ALL_OTHERS)


async def test_buttons_of_somebody_elses_application(
    targets: Targets, strangers: Strangers, desk: Desk
) -> None:
    """Refused in words, nothing changed, nothing revealed."""
    async with nothing_changes(desk):
        for text in await press_all(strangers.entered, targets, OF_APPLICATIONS):
            assert troubles.not_yours(strangers.entered.t) in text
    async with nothing_changes(desk, CONVERSATION, of=strangers.new.id):
        consent = strangers.new.t.plain("I give my consent")
        for text in await press_all(strangers.new, targets, OF_APPLICATIONS):
            assert consent in text
    late = strangers.late
    async with nothing_changes(desk, ASKING_FOR_A_CODE, of=late.id):
        first, *others = await press_all(late, targets, OF_APPLICATIONS)
        assert late.t.plain("Get a new code") in first
        pause = troubles.codes_exhausted(CodesExhausted(START, Why.PAUSE), late.t)
        assert all(pause in text for text in others)
        await late.type_code()  # goes on to what was pressed last (design 13)
        assert troubles.not_yours(late.t) in await answered(late)


async def test_all_other_buttons(targets: Targets, strangers: Strangers, desk: Desk) -> None:
    """Everybody gets an answer, and what is other people's stays as it was."""
    for player in (strangers.entered, strangers.new, strangers.late):
        async with nothing_changes(desk, ASKING_FOR_A_CODE | {"consents"}, of=player.id):
            await press_all(player, targets, ALL_OTHERS)
