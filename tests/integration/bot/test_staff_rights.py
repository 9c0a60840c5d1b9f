"""Nobody does at the staff desk what the role has no right to: asked of every handler there is."""

from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args

import pytest
from aiogram import Router

from bot.handlers.staff import ACTS
from bot.keyboards.staff.base import PREFIX, StaffButton
from bot.middlewares.staff import Awaited, AwaitedFile, StaffCommand
from bot.screens import fallback
from bot.screens.staff import desk
from core.identity.rules import Iin
from core.login.tables import ChatRecord
from core.staff.rules import RIGHTS, Right, Role
from locales.texts import texts
from tests import factories
from tests.integration.bot.conftest import IIN, Parent
from tests.telegram_stub import labels

KK = texts("kk")
ROLES = [None, *Role]
NOBODY = [fallback.unknown_text("", KK).text, fallback.unknown_kind(KK).text]
"""What is told to whoever is not staff: the same as to any other text or file."""


def buttons(of: type[StaffButton] = StaffButton) -> Iterator[type[StaffButton]]:
    """Every kind of button of the desk."""
    for kind in of.__subclasses__():
        yield kind
        yield from buttons(kind)


def sample(annotation: Any) -> Any:
    """Some value of that type."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return next(iter(annotation))
    if isinstance(annotation, type) and issubclass(annotation, str):
        return "x"
    if isinstance(annotation, type) and issubclass(annotation, int):
        return annotation(1)
    return sample(get_args(annotation)[0])


def packed(kind: type[StaffButton]) -> str:
    """The callback data of such a button."""
    required = {
        name: sample(field.annotation)
        for name, field in kind.model_fields.items()
        if field.is_required()
    }
    return kind(**required).pack()


def routers(of: Router) -> Iterator[Router]:
    """The router and all below it."""
    yield of
    for router in of.sub_routers:
        yield from routers(router)


def staff_router(parent: Parent) -> Router:
    [router] = [one for one in parent.dispatcher.sub_routers if one.name == "staff"]
    return router


async def become(parent: Parent, role: Role | None) -> None:
    await parent.enter()
    if role is not None:
        district = "kokshetau" if role is Role.OPERATOR else None
        await parent.core.staff.grant(
            Iin(IIN), role, district, by=None, moment=parent.core.clock.now()
        )


def test_every_button_of_the_desk_names_its_right_and_is_known_by_its_prefix() -> None:
    kinds = list(buttons())
    assert kinds
    for kind in kinds:
        assert isinstance(kind.right, Right), kind
        assert kind.__prefix__.startswith(PREFIX), kind
    assert len({kind.__prefix__ for kind in kinds}) == len(kinds)


async def test_every_handler_of_messages_names_its_right(parent: Parent) -> None:
    handlers = [
        handler for router in routers(staff_router(parent)) for handler in router.message.handlers
    ]
    assert handlers
    for handler in handlers:
        assert isinstance(handler.flags.get("right"), Right), handler.callback


async def test_every_button_is_handled_inside_the_desk(parent: Parent) -> None:
    """Where its filter and its rights hold."""
    inside = staff_router(parent)
    for router in routers(parent.dispatcher):
        if router in list(routers(inside)):
            continue
        for handler in router.callback_query.handlers:
            for each in handler.filters or ():
                kind = getattr(each.callback, "callback_data", None)
                assert kind is None or not issubclass(kind, StaffButton), handler.callback


@pytest.mark.parametrize("role", ROLES)
async def test_no_button_does_what_the_role_has_no_right_to(
    parent: Parent, role: Role | None
) -> None:
    await become(parent, role)
    for kind in buttons():
        if role is not None and kind.right in RIGHTS[role]:
            continue
        await parent.press(packed(kind))
        alert = parent.telegram.toasts[-1]
        expected = fallback.old_button(KK) if role is None else desk.not_allowed(KK)
        assert alert == expected, kind


@pytest.mark.parametrize("role", ROLES)
async def test_no_message_does_what_the_role_has_no_right_to(
    parent: Parent, role: Role | None
) -> None:
    """Commands, and texts and files that the desk waits for: even where it had begun to wait
    before the role ended."""
    await become(parent, role)
    moment = parent.core.clock.now()
    for router in routers(staff_router(parent)):
        for handler in router.message.handlers:
            right = handler.flags["right"]
            if role is not None and right in RIGHTS[role]:
                continue
            for each in handler.filters or ():
                match each.callback:
                    case StaffCommand() as command:
                        await parent.say(f"/{command.commands[0]}")
                    case Awaited() as awaited:
                        for state in awaited.states:
                            await parent.core.visitors.expect(parent.id, state, {}, moment)
                            await parent.say("1")
                    case AwaitedFile() as awaited:
                        for state in awaited.states:
                            await parent.core.visitors.expect(parent.id, state, {}, moment)
                            await parent.document()
                    case other:
                        pytest.fail(f"what is this filter of the desk? {other}")
                told = await parent.seen()
                refusals = NOBODY if role is None else [desk.not_allowed(KK)]
                assert any(told.startswith(refusal) for refusal in refusals), handler.callback


@pytest.mark.parametrize("role", Role)
async def test_a_typed_number_does_nothing_that_the_role_has_no_right_to(
    parent: Parent, role: Role
) -> None:
    """The role may have ended, or changed, since the number was asked for."""
    await become(parent, role)
    for name, act in ACTS.items():
        if act.right in RIGHTS[role]:
            continue
        details = {"act": name, "number": 7}
        await parent.core.visitors.expect(
            parent.id, "staff_number", details, parent.core.clock.now()
        )
        await parent.say("7")
        assert await parent.seen() == desk.not_allowed(KK)


@pytest.mark.parametrize("typed", [factories.iin(2), "8 701 765 43 21", "+7 (701) 765-43-21"])
async def test_what_is_not_taken_does_not_stay_in_the_chat_either(
    parent: Parent, typed: str
) -> None:
    """The session has ended, or the role is another one, since the desk began to wait."""
    await become(parent, Role.OPERATOR)
    now = parent.core.clock.now()
    await parent.core.visitors.expect(parent.id, "staff_iin", {}, now)
    refused = await parent.say(typed)
    assert await parent.seen() == desk.not_allowed(KK)
    await parent.core.visitors.expect(parent.id, "staff_phone", {"family": 1}, now)
    async with parent.desk.db.write() as session:
        (await session.get_one(ChatRecord, parent.id)).session_until = now
    late = await parent.say(typed)
    assert parent.telegram.deleted[-2:] == [refused, late]


@pytest.mark.parametrize(
    ("state", "details"),
    [("staff_iin", {}), ("staff_import", {}), ("staff_number", {"act": "import", "number": 7})],
)
async def test_what_the_role_may_not_any_more_is_refused_once(
    parent: Parent, state: str, details: dict[str, Any]
) -> None:
    await become(parent, Role.OPERATOR)
    await parent.core.visitors.expect(parent.id, state, details, parent.core.clock.now())
    await parent.say("7")
    assert await parent.seen() == desk.not_allowed(KK)
    await parent.say("7")
    assert await parent.seen() == fallback.unknown_text("7", KK).text


async def test_a_role_that_has_ended_works_no_longer_from_the_next_tap_on(parent: Parent) -> None:
    await become(parent, Role.ADMINISTRATOR)
    await parent.say("/desk")
    assert KK.plain("Roles") in labels(parent.telegram.newest.reply_markup)
    member = await parent.core.staff.with_iin(Iin(IIN))
    assert member is not None
    await parent.core.staff.revoke(member.id, by=None, moment=parent.core.clock.now())
    await parent.tap(KK.plain("Roles"))
    assert parent.telegram.toasts[-1] == fallback.old_button(KK)


async def test_whoever_has_a_role_and_no_application_finds_the_desk_at_once(parent: Parent) -> None:
    await parent.core.staff.grant(
        Iin(IIN), Role.HEAD, None, by=None, moment=parent.core.clock.now()
    )
    await parent.enter()
    await parent.tap(KK.plain("Staff desk"))
    assert KK.plain("Figures") in labels(parent.telegram.newest.reply_markup)
