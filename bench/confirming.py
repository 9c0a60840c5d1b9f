"""A voucher is confirmed by one tap: what a press and its code do together, without the code.

No act of ours is done by a tap alone (D5). This one is, so that the whole way of an update that
changes something can stand beside an echo: secret, person, ownership, one transaction with history
and notices, edit, answer. All of it is the bot's own, but for the few lines here.
`python -m bench.confirming PORT BEGAN` is the real bot with that button.
"""

import sys
from datetime import datetime

import uvicorn
from aiogram import Router
from aiogram.types import CallbackQuery
from sqlalchemy.ext.asyncio import AsyncSession

from bench.bot import MorningClock, app
from bot import dispatcher
from bot.keyboards.base import ApplicationButton
from bot.logs import configure
from bot.screens import voucher
from bot.settings import Settings
from bot.tap import Tap
from core.applications.cards import card
from core.applications.changes import change, locked
from core.applications.rules import Event, Refusal, Refused
from core.applications.values import ApplicationCard
from core.calendar.rules import Calendar
from core.db.engine import Database


class ConfirmButton(ApplicationButton, prefix="bench"):
    """Confirms at once."""


def build() -> Router:
    router = Router(name="confirming")
    router.callback_query.register(confirm, ConfirmButton.filter())
    return router


async def confirm(
    query: CallbackQuery, callback_data: ConfirmButton, tap: Tap, card: ApplicationCard
) -> None:
    """The whole of it."""
    calendar = await tap.core.calendar.load()
    db, version = tap.core.db, callback_data.version
    confirmed = await transaction(db, calendar, callback_data.application, version, tap.moment)
    await tap.show(voucher.done(confirmed, Event.CONFIRM_INTEREST, tap.t))


async def transaction(
    db: Database, calendar: Calendar, application_id: int, version: int, moment: datetime
) -> ApplicationCard:
    """The voucher's transaction, and the application as it stands after it."""
    async with db.write() as session:
        await _change(session, calendar, application_id, version, moment)
        confirmed = await card(session, application_id, moment)
        assert confirmed is not None
        return confirmed


async def change_only(
    db: Database, calendar: Calendar, application_id: int, version: int, moment: datetime
) -> None:
    """The same without reading it again for the screen."""
    async with db.write() as session:
        await _change(session, calendar, application_id, version, moment)


async def _change(
    session: AsyncSession, calendar: Calendar, application_id: int, version: int, moment: datetime
) -> None:
    record = await locked(session, application_id)
    assert record is not None
    if record.version != version:
        raise Refused(Refusal.STALE)
    await change(
        session,
        record,
        Event.CONFIRM_INTEREST,
        calendar=calendar,
        pressed_at=moment,
        at=moment,
        actor="parent",
        person_id=application_id,
    )
    await session.flush()


def main() -> None:
    port, began = sys.argv[1:]
    settings = Settings()
    configure(settings.log_level)
    dispatcher.CONVERSATIONS = (sys.modules[__name__], *dispatcher.CONVERSATIONS)
    server = app(settings, MorningClock(float(began)))
    uvicorn.run(server, host="127.0.0.1", port=int(port), access_log=False, log_config=None)


if __name__ == "__main__":
    main()
