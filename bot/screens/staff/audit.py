"""The audit log: how much of it is taken, and the table that it becomes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from markupsafe import Markup

from bot.keyboards.base import button, columns
from bot.keyboards.staff.audit import AuditButton, Period
from bot.keyboards.staff.base import back_to_desk
from bot.screens.base import Screen, of_lines
from core.audit.log import Entry
from core.clock import local
from locales.texts import Texts, mark

PERIODS = {
    Period.TODAY: mark("Today"),
    Period.WEEK: mark("7 days"),
    Period.MONTH: mark("30 days"),
    Period.ALL: mark("Everything"),
}


def which_period(t: Texts) -> Screen:
    """Asks for the period."""
    lines = [
        t(
            "🧾 <b>Audit log:</b> who did or looked at what, and when. "
            "Names and IINs are not in it."
        ),
        t("For which period? The file opens in Excel; taking it is written into the log too."),
    ]
    periods = [button(t.plain(text), AuditButton(period=one)) for one, text in PERIODS.items()]
    return of_lines(lines, *columns(periods, 2), back_to_desk(t))


def caption(rows: int, part: int, t: Texts) -> Markup:
    """Said under the file; a long log has several."""
    return t.plural(
        "Audit log, part {part}: {count} entry.",
        "Audit log, part {part}: {count} entries.",
        rows,
        part=part,
    )


def file_name(now: datetime, part: int) -> str:
    """`audit-2026-04-07-1.csv`."""
    return f"audit-{local(now):%Y-%m-%d}-{part}.csv"


def columns_of(t: Texts) -> list[str]:
    """The first row."""
    return [
        t.plain("No."),
        t.plain("Time"),
        t.plain("Staff, No."),
        t.plain("Act"),
        t.plain("About"),
        t.plain("Details"),
    ]


def row(entry: Entry) -> list[str]:
    """An entry: codes and ids, for a program as much as for people."""
    return [
        str(entry.id),
        f"{local(entry.at):%Y-%m-%d %H:%M:%S}",
        str(entry.staff_id or ""),
        entry.act,
        _told(entry.subjects),
        _told(entry.details),
    ]


def _told(values: Mapping[str, Any]) -> str:
    return "; ".join(f"{name}: {_value(value)}" for name, value in values.items())


def _value(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
