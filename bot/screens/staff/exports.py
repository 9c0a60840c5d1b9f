"""Exports on the screen, and the files themselves: what stands in their rows."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup

from bot.keyboards.base import button, rows
from bot.keyboards.staff.base import back_to_desk
from bot.keyboards.staff.exports import ChangesButton, JournalButton
from bot.screens import words
from bot.screens.base import Screen
from bot.screens.staff.desk import where
from core.places.districts import DISTRICTS
from core.registry.exports import DATA, Change, JournalLine
from core.registry.headings import HEADINGS
from core.registry.values import Kind
from core.registry.vocabulary import Stages
from core.staff.rules import Member
from documents.workbook import Cell
from locales.texts import Texts


def door(member: Member, t: Texts) -> Screen:
    """What can be taken out."""
    text = t(
        "📤 <b>Export</b>\nDistrict: {district}. The files are XLSX; the export is written into "
        "the audit log.\nFor the changes of another day type its date, like 09.04.2026.",
        district=where(member, t),
    )
    return Screen(
        text,
        rows(
            button(t.plain("Journal of applications"), JournalButton()),
            button(t.plain("Changes of today"), ChangesButton(before=0)),
            button(t.plain("Changes of yesterday"), ChangesButton(before=1)),
            back_to_desk(t),
        ),
    )


def no_day(t: Texts) -> Screen:
    """What was typed is no day; it is still waited for."""
    text = t("That is not a date. Type it like 09.04.2026, a day that has been.")
    return Screen(text, rows(back_to_desk(t)))


def making(done: int, t: Texts) -> Screen:
    """The file is being made."""
    return Screen(t("⏳ The file is being made. Rows so far: {count}.", count=done))


def made(count: int, t: Texts) -> Screen:
    """The file follows."""
    return Screen(t("✅ The file is ready. Rows: {count}.", count=count), rows(back_to_desk(t)))


def not_made(t: Texts) -> Screen:
    """The database was down meanwhile."""
    text = t("⚠️ The file was not made: the database cannot be reached. Try again in a few minutes.")
    return Screen(text, rows(back_to_desk(t)))


def failed(t: Texts) -> Screen:
    """Nobody has foreseen what went wrong; it is in the log."""
    text = t("⚠️ The file was not made: something went wrong on our side. Try again later.")
    return Screen(text, rows(back_to_desk(t)))


def journal_name(day: date) -> str:
    """What the journal's file is called."""
    return f"orynbot-journal-{day:%Y-%m-%d}.xlsx"


def journal_caption(member: Member, day: date, t: Texts) -> Markup:
    """What stands under it."""
    return t("Journal of applications, {district}, {day}. It holds personal data: do not pass it "
             "on.", district=where(member, t), day=t.day(day))  # fmt: skip


def journal_headings(t: Texts) -> list[str]:
    """Those of an import, which takes the file back, and what stands beside them."""
    told = [HEADINGS[Kind.APPLICATIONS][name][0].in_(t.language) for name in DATA]
    return [*told, t.plain("Status"), t.plain("Queue number"), t.plain("Last day of the term")]


def journal_row(line: JournalLine, stages: Stages, t: Texts) -> list[Cell]:
    """An application; codes as words."""
    data = dict(line.data)
    data["district"] = DISTRICTS[data["district"]].in_(t.language)
    data["category"] = stages.categories[data["category"]].in_(t.language)
    if data["privilege"]:
        data["privilege"] = stages.privileges[data["privilege"]].in_(t.language)
    status = words.status(line.status, t)
    return [*(data[name] for name in DATA), status, line.number, line.last_day]


def changes_name(day: date) -> str:
    """What the file of a day's changes is called."""
    return f"orynbot-changes-{day:%Y-%m-%d}.xlsx"


def changes_caption(member: Member, day: date, t: Texts) -> Markup:
    """What stands under it."""
    return t("Changes of {day}, {district}. It holds personal data: do not pass it on.",
             district=where(member, t), day=t.day(day))  # fmt: skip


def changes_headings(t: Texts) -> Sequence[str]:
    """One line of history is one row."""
    told = HEADINGS[Kind.APPLICATIONS]
    return [
        t.plain("Date and time"),
        told["registration_number"][0].in_(t.language),
        told["district"][0].in_(t.language),
        told["child_name"][0].in_(t.language),
        t.plain("What happened"),
        t.plain("Status before"),
        t.plain("Status after"),
        t.plain("By whom"),
    ]


def changes_row(change: Change, t: Texts) -> list[Cell]:
    """A change in words."""
    before = words.status(change.from_status, t) if change.from_status else None
    return [
        change.at,
        change.registration_number,
        DISTRICTS[change.district].in_(t.language),
        change.child,
        words.happened(change, t),
        before,
        words.status(change.to_status, t),
        _by(change.actor, t),
    ]


def _by(actor: str, t: Texts) -> str:
    """To staff, a parent is not “you”."""
    return t.plain("parent") if actor == "parent" else words.actor(actor, t)
