"""A parent with a voucher, and what they do over and over in the chat."""

from datetime import datetime

from aiogram.methods import SendDocument

from core.applications.values import ApplicationCard
from core.sweep import Sweep
from tests import factories
from tests.integration.bot.conftest import Parent


async def with_voucher(parent: Parent) -> Parent:
    """The parent has entered; their only application has a voucher."""
    now = parent.desk.clock.now()
    await factories.application(parent.desk.db, now)
    await parent.core.applications.issue_voucher("ОДО.2026.1", actor="portal", moment=now)
    await parent.enter()
    return parent


async def sign(parent: Parent) -> None:
    """Type the code that came last."""
    await parent.say(parent.desk.pocket.newest_code)


async def confirm(parent: Parent) -> None:
    """Confirm interest (R9)."""
    await parent.tap("✅ Растау")
    await sign(parent)


async def travel(parent: Parent, moment: datetime) -> None:
    """Move the clock, and do what fell due meanwhile."""
    parent.desk.clock.move(moment)
    await Sweep(parent.desk.db, parent.desk.book).run(parent.desk.clock.now())


async def card(parent: Parent) -> ApplicationCard:
    """The application as it stands."""
    now = parent.desk.clock.now()
    visitor = await parent.core.visitors.load(parent.id, now)
    assert visitor.person is not None
    return (await parent.core.applications.journal(visitor.person, now))[0]


def seen(parent: Parent) -> str:
    """What the chat has shown last."""
    return parent.telegram.texts[-1]


def files(parent: Parent) -> list[str]:
    """The names of the files that came, in order."""
    sent = [call for call in parent.telegram.calls if isinstance(call, SendDocument)]
    return [call.document.filename or "" for call in sent if not isinstance(call.document, str)]
