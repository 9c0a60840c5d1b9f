"""The room of the roles: whoever steps back has granted nothing, and it has room for everybody."""

import pytest

from bot.screens.staff.desk import ROLES
from core.identity.rules import Iin
from core.staff.rules import Role
from locales.texts import texts
from tests import factories
from tests.integration.bot.conftest import IIN, Parent
from tests.telegram_stub import labels

KK = texts("kk")


@pytest.fixture
async def administrator(parent: Parent) -> Parent:
    await parent.enter()
    grant = parent.core.staff.grant
    await grant(Iin(IIN), Role.ADMINISTRATOR, None, by=None, moment=parent.core.clock.now())
    await parent.say("/desk")
    await parent.tap(KK.plain("Roles"))
    return parent


async def test_an_iin_that_is_typed_after_stepping_back_grants_nothing(
    administrator: Parent,
) -> None:
    await administrator.tap(KK.plain("Grant a role"))
    await administrator.tap(KK.plain(ROLES[Role.ADMINISTRATOR]))
    await administrator.tap(KK.plain("Back"))
    await administrator.say(factories.iin(7))
    assert [one.iin.value for one in await administrator.core.staff.colleagues()] == [IIN]


async def test_a_hundred_of_staff_are_shown_page_by_page(administrator: Parent) -> None:
    core = administrator.core
    for number in range(2, 101):
        iin = Iin(factories.iin(number))
        await core.staff.grant(iin, Role.OPERATOR, "akkol", by=None, moment=core.clock.now())
    await administrator.say("/desk")
    await administrator.tap(KK.plain("Roles"))
    seen: set[str] = set()
    for _ in range(9):
        seen |= set(labels(administrator.telegram.newest.reply_markup))
        await administrator.tap("▶️")
    shown = labels(administrator.telegram.newest.reply_markup)
    people = [label for label in seen | set(shown) if ": " in label]
    assert len(people) == 100
    assert "▶️" not in shown
