"""A parent with a voucher, or with a role, and what they do over and over in the chat."""

from datetime import datetime

from aiogram.methods import SendDocument

from core.applications.values import ApplicationCard
from core.identity.rules import Iin
from core.staff.rules import Role
from core.sweep import Sweep
from tests import factories
from tests.integration.bot.conftest import IIN, Parent
from tests.integration.vouchers import queues


async def with_voucher(parent: Parent) -> Parent:
    """The parent has entered; their only application has a voucher."""
    now = parent.desk.clock.now()
    await factories.application(parent.desk.db, now)
    await parent.core.applications.issue_voucher("ОДО.2026.1", actor="portal", moment=now)
    await parent.enter()
    return parent


async def with_role(parent: Parent, role: Role, district: str | None) -> Parent:
    """The same person has entered as one of the staff; the stages of the queue are there."""
    await queues.stages(parent.desk.db)
    await parent.enter()
    now = parent.core.clock.now()
    await parent.core.staff.grant(Iin(IIN), role, district, by=None, moment=now)
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
