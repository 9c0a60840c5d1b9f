"""The audit log as a file."""

from datetime import datetime, timedelta

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.csv_file import CsvFile
from bot.keyboards.staff.audit import AuditButton, Period
from bot.screens.staff import audit as screens
from bot.tap import Tap
from core.clock import local, start_of
from core.staff.rules import Member

DAYS = {Period.TODAY: 1, Period.WEEK: 7, Period.MONTH: 30}
"""Today and the days before it."""
BEGINNING = datetime.fromisoformat("2020-01-01T00:00:00+00:00")
"""Before the first entry of all."""
PART = 20_000_000
"""Bytes of a file at which the next one begins: Telegram takes 50 MB, and memory stays steady."""


def build() -> Router:
    router = Router(name="staff_audit")
    router.callback_query.register(export, AuditButton.filter())
    return router


async def export(_: CallbackQuery, callback_data: AuditButton, tap: Tap, member: Member) -> None:
    """Asks for the period; then sends the entries of its days."""
    period = callback_data.period
    if period is None:
        await tap.show(screens.which_period(tap.t))
        return
    since, part = _since(period, tap.moment), 1
    file = CsvFile(screens.columns_of(tap.t))
    await tap.gate.typing(tap.chat_id)
    async for batch in tap.core.audit.export(member, since, tap.moment, tap.moment):
        file.add(screens.row(entry) for entry in batch)
        if file.size >= PART:
            await _send(tap, file, part)
            file, part = CsvFile(screens.columns_of(tap.t)), part + 1
    if file.rows or part == 1:
        await _send(tap, file, part)


def _since(period: Period, moment: datetime) -> datetime:
    if period is Period.ALL:
        return BEGINNING
    return start_of(local(moment).date() - timedelta(days=DAYS[period] - 1))


async def _send(tap: Tap, file: CsvFile, part: int) -> None:
    name = screens.file_name(tap.moment, part)
    await tap.gate.document(tap.chat_id, name, file.data, screens.caption(file.rows, part, tap.t))
