"""Exports: the journal and a day's changes, made beside the answers to others and sent as files."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from aiogram import Router
from aiogram.types import CallbackQuery, Message
from markupsafe import Markup

from bot.days import days_in
from bot.keyboards.staff.exports import ChangesButton, ExportsButton, JournalButton
from bot.middlewares.staff import Awaited, StaffCommand
from bot.nursery import Nursery
from bot.progress import Progress
from bot.screens.staff import exports as screens
from bot.tap import Tap
from core.clock import local
from core.db.engine import DatabaseDown
from core.registry.readers import past_day
from core.registry.values import Wrong
from core.staff.rules import Member, Right
from documents.workbook import Cell, Sheet, Workbook

AWAITED = "staff_export"

Write = Callable[[Sequence[Any]], Awaitable[None]]


def build() -> Router:
    router = Router(name="staff_exports")
    flags = {"right": Right.EXPORT}
    router.message.register(opened_by_command, StaffCommand("export"), flags=flags)
    router.message.register(day_typed, Awaited(AWAITED), flags=flags)
    router.callback_query.register(opened, ExportsButton.filter())
    router.callback_query.register(journal, JournalButton.filter())
    router.callback_query.register(changes, ChangesButton.filter())
    return router


async def opened_by_command(_: Message, tap: Tap, member: Member) -> None:
    await _open(tap, member)


async def opened(_: CallbackQuery, tap: Tap, member: Member) -> None:
    await _open(tap, member)


async def _open(tap: Tap, member: Member) -> None:
    await tap.core.visitors.expect(tap.chat_id, AWAITED, {}, tap.moment)
    await tap.show(screens.door(member, tap.t))


async def journal(_: CallbackQuery, tap: Tap, member: Member, nursery: Nursery) -> None:
    """All applications of the member's district, or of the region."""
    stages = await tap.core.exports.stages()
    day = local(tap.moment).date()
    book = Workbook()
    sheet = book.sheet(f"{day:%d.%m.%Y}", screens.journal_headings(tap.t))
    row = partial(screens.journal_row, stages=stages, t=tap.t)
    work = partial(tap.core.exports.journal, member, tap.moment)
    caption = screens.journal_caption(member, day, tap.t)
    await _begin(tap, nursery, work, book, sheet, row, screens.journal_name(day), caption)


async def changes(
    _: CallbackQuery, callback_data: ChangesButton, tap: Tap, member: Member, nursery: Nursery
) -> None:
    """The changes of today or of yesterday."""
    day = local(tap.moment).date() - timedelta(days=1 if callback_data.before else 0)
    await _changes(tap, member, nursery, day)


async def day_typed(message: Message, tap: Tap, member: Member, nursery: Nursery) -> None:
    """The changes of a day that was typed."""
    typed = days_in(message.text or "")
    try:
        day = past_day(typed[0] if len(typed) == 1 else message.text, local(tap.moment).date())
    except Wrong:
        day = None
    if day is None:
        await tap.send(screens.no_day(tap.t))
        return
    await _changes(tap, member, nursery, day)


async def _changes(tap: Tap, member: Member, nursery: Nursery, day: date) -> None:
    book = Workbook()
    sheet = book.sheet(f"{day:%d.%m.%Y}", screens.changes_headings(tap.t))
    row = partial(screens.changes_row, t=tap.t)
    work = partial(tap.core.exports.changes, member, day, tap.moment)
    caption = screens.changes_caption(member, day, tap.t)
    await _begin(tap, nursery, work, book, sheet, row, screens.changes_name(day), caption)


async def _begin(
    tap: Tap,
    nursery: Nursery,
    work: Callable[[Write], Awaitable[int]],
    book: Workbook,
    sheet: Sheet,
    row: Callable[[Any], list[Cell]],
    name: str,
    caption: Markup,
) -> None:
    message_id = await tap.send(screens.making(0, tap.t))
    progress = Progress(tap.gate, tap.chat_id, message_id, lambda done: screens.making(done, tap.t))
    done = 0

    async def write(batch: Sequence[Any]) -> None:
        nonlocal done
        await asyncio.to_thread(_write, sheet, map(row, batch))
        done += len(batch)
        progress.tell(done)

    async def make() -> None:
        saved = False
        try:
            count = await progress.beside(work(write))
            saved = True
            data = await asyncio.to_thread(book.to_bytes)
        except DatabaseDown:
            await tap.gate.edit(tap.chat_id, message_id, screens.not_made(tap.t))
            return
        except Exception:
            await tap.gate.edit(tap.chat_id, message_id, screens.failed(tap.t))
            raise
        finally:
            if not saved:
                book.drop()
        await tap.gate.edit(tap.chat_id, message_id, screens.made(count, tap.t))
        await tap.gate.document(tap.chat_id, name, data, caption)

    nursery.start(make(), name="make an export")


def _write(sheet: Sheet, rows: Iterable[list[Cell]]) -> None:
    for row in rows:
        sheet.add(row)
