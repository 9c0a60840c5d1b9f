"""The weekly digest as a message: the picture, made when its turn has come."""

import asyncio

from bot.outgoing.gate import Gate
from bot.screens import digest
from core.figures.digest import READERS
from core.notices.values import Notice, Outcome, Pointless, Sent
from core.services import Core
from documents import figures
from locales.texts import texts


async def deliver(core: Core, gate: Gate, notice: Notice) -> Outcome:
    """Send it as things stand now. Whoever reads no digest any more is sent none."""
    member = await core.staff.with_iin(notice.iin)
    if notice.chat_id is None or member is None or member.role not in READERS:
        return Pointless()
    t = texts(notice.language)
    report = await core.figures.report(member, None, core.clock.now())
    picture = await asyncio.to_thread(figures.render, report, t, digest=True)
    return Sent(await gate.notify(notice.chat_id, digest.caption(report, t), picture))
