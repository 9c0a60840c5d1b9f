"""Visitors: who is in a chat, in one query."""

from typing import Any

from core.login.values import Visitor
from tests.integration.inbox import statements
from tests.integration.login.conftest import AIGUL, HOME, OTHER, Door


async def test_an_unknown_chat_is_an_empty_visitor(door: Door) -> None:
    assert await door.visitor(404) == Visitor(404)
    assert (await door.visitor(404)).details == {}


async def test_what_was_chosen_is_remembered(door: Door) -> None:
    now = door.clock.now()
    await door.visitors.choose_language(HOME, "ru", now)
    await door.visitors.choose_district(HOME, "kokshetau", now)
    await door.visitors.choose_language(HOME, "en", now)
    visitor = await door.visitor()
    assert (visitor.language, visitor.district) == ("en", "kokshetau")
    assert await door.visitor(OTHER) == Visitor(OTHER)


async def test_the_conversation_survives_a_restart(door: Door) -> None:
    details: dict[str, Any] = {"attempt": 7, "filter": {"language": "kk"}, "text": "Мадина"}
    await door.visitors.expect(HOME, "code", details, door.clock.now())
    visitor = await door.visitor()
    assert (visitor.awaiting, visitor.details) == ("code", details)
    await door.visitors.expect(HOME, None, None, door.clock.now())
    visitor = await door.visitor()
    assert (visitor.awaiting, visitor.details) == (None, {})


async def test_everything_about_a_visitor_is_one_query_that_writes_nothing(door: Door) -> None:
    await door.login.give_consent(HOME, "1", door.clock.now())
    await door.enter()
    with statements(door.database) as seen:
        visitor = await door.visitor()
    assert visitor.person
    assert visitor.session
    assert visitor.consented
    assert len(seen) == 1
    assert seen[0].startswith("SELECT")


async def test_a_person_is_printed_without_iin_and_phone(door: Door) -> None:
    await door.enter()
    shown = repr(await door.visitor())
    assert AIGUL.iin.value not in shown
    assert AIGUL.phone.value not in shown


async def test_a_block_of_an_unknown_chat_changes_nothing(door: Door) -> None:
    await door.visitors.mark_blocked(404, door.clock.now())
    await door.visitors.mark_back(404, door.clock.now())
    assert await door.visitor(404) == Visitor(404)


async def test_a_chat_that_blocks_and_comes_back(door: Door) -> None:
    await door.visitors.choose_language(HOME, "kk", door.clock.now())
    await door.visitors.mark_blocked(HOME, door.clock.now())
    assert (await door.visitor()).blocked
    await door.visitors.mark_back(HOME, door.clock.now())
    assert not (await door.visitor()).blocked
