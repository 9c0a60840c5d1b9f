"""The call list as commands: for a department that has no desk on a screen yet."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from bot.csv_file import CsvFile
from bot.maintenance import open_database
from core.clock import SystemClock, local
from core.notices.calls import Call, Called, Calls, NotListed

COLUMNS = ("ID", "Name", "Phone", "Child", "Application", "District", "Last day", "Tries")
INSTANT = timedelta(microseconds=1)
"""A term ends as the day after its last one begins."""


async def list_calls(file: Path | None) -> str:
    """`oryn calls`: whom to call, the nearest deadline first; into `file` if one is given."""
    async with open_database() as db:
        listed = [_row(call) for call in await Calls(db).listed(SystemClock().now())]
    if file is not None:
        _write(file, listed)
        return f"{len(listed)} written to {file}."
    return _table([COLUMNS, *listed]) if listed else "Nobody has to be called."


async def mark_call(notice_id: int, result: str, by: str) -> str:
    """`oryn calls mark`. SystemExit for a call that is not on the list."""
    async with open_database() as db:
        try:
            await Calls(db).mark(notice_id, Called(result), by, SystemClock().now())
        except NotListed:
            raise SystemExit(f"{notice_id} is not on the list: nothing was changed.") from None
    if result == Called.UNREACHABLE:
        return f"{notice_id}: noted; it stays on the list."
    return f"{notice_id}: noted; it is off the list."


def _row(call: Call) -> tuple[str, ...]:
    return (
        str(call.notice_id),
        call.applicant,
        call.phone,
        call.child,
        call.registration_number,
        call.district,
        f"{local(call.until) - INSTANT:%Y-%m-%d}",
        str(len(call.tried)),
    )


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _write(file: Path, rows: Sequence[Sequence[str]]) -> None:
    table = CsvFile(COLUMNS)
    table.add(rows)
    file.write_bytes(table.data)
