"""What is done with a broadcast under way, and after it."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.handlers.staff.broadcast_open import Stands, leave_progress, open_broadcast, open_draft
from bot.keyboards.staff.broadcasts import Act, ActButton
from bot.screens.staff import broadcast_runs as screens
from bot.tap import Tap
from core.broadcasts.rules import Stage
from core.broadcasts.values import NotNow
from core.staff.rules import Member

ASKED = frozenset({Act.CANCEL, Act.RECALL})
"""What is asked once more."""


def build() -> Router:
    router = Router(name="staff_broadcast_runs")
    router.callback_query.middleware(Stands())
    router.callback_query.register(act, ActButton.filter())
    return router


async def act(_: CallbackQuery, callback_data: ActButton, tap: Tap, member: Member) -> None:
    this, do = callback_data.broadcast, callback_data.do
    broadcasts = tap.core.broadcasts
    if do in ASKED and not callback_data.sure:
        await leave_progress(tap)
        await tap.show(screens.ask(await broadcasts.one(member, this), do, tap.t))
        return
    match do:
        case Act.UNREACHED:
            await _unreached(tap, member, this)
            return
        case Act.CORRECT:
            await leave_progress(tap)
            draft = await broadcasts.draft(member, tap.moment, corrects=this)
            await open_draft(tap, member, draft)
            return
        case Act.PAUSE:
            await broadcasts.pause(member, this, tap.moment)
        case Act.RESUME:
            await broadcasts.resume(member, this, tap.moment)
        case Act.CANCEL:
            await broadcasts.cancel(member, this, tap.moment)
        case Act.RECALL:
            await broadcasts.recall(member, this, tap.moment)
    await open_broadcast(tap, member, this)


async def _unreached(tap: Tap, member: Member, this: int) -> None:
    if (await tap.core.broadcasts.one(member, this)).stage is Stage.DRAFT:
        raise NotNow
    unreached = await tap.core.unreached.of(member, this, tap.moment)
    if not unreached:
        await tap.alert(screens.all_reached(tap.t))
        return
    await tap.gate.document(
        tap.chat_id,
        f"broadcast-{this}-unreached.csv",
        screens.unreached_file(unreached, tap.t),
        screens.unreached_caption(len(unreached), tap.t),
    )
