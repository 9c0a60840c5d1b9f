"""Imports on the screen: what can be sent, the report, what is asked before, what came of it."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.keyboards.base import button, columns, rows
from bot.keyboards.staff.base import back_to_desk, to_desk
from bot.keyboards.staff.imports import ApplyButton, DropButton, ImportsButton, TemplateButton
from bot.screens.base import Screen
from core.registry.headings import HEADINGS, Unrecognised
from core.registry.staging import Refused, Report
from core.registry.values import Kind, Problem, Reason
from documents.refusals import FileProblem
from locales.texts import Texts, mark

REASONS_SHOWN = 5
CELLS = 10
"""Cells of a progress bar."""

KINDS = {
    Kind.CITIZENS: mark("Citizens' base"),
    Kind.APPLICATIONS: mark("Applications"),
    Kind.KINDERGARTENS: mark("Kindergartens"),
    Kind.PLACES: mark("Places"),
    Kind.DAYS: mark("Calendar days"),
}
REASONS = {
    Reason.MISSING: mark("is empty"),
    Reason.NOT_TEXT: mark("is not text"),
    Reason.TOO_LONG: mark("is too long"),
    Reason.FORMULA: mark("holds a formula or an error; paste the value"),
    Reason.LOST_LETTERS: mark("has lost letters (“?”); save the file as UTF-8 or XLSX"),
    Reason.NOT_TWELVE_DIGITS: mark("must have 12 digits"),
    Reason.WRONG_CHECK_DIGIT: mark("has a wrong digit: the check digit does not fit"),
    Reason.NOT_A_PHONE: mark("is not a phone number"),
    Reason.NOT_KAZAKHSTAN: mark("is not a number of Kazakhstan"),
    Reason.NOT_MOBILE: mark("is not a mobile number"),
    Reason.NOT_A_DATE: mark("is not a date; write it like 09.04.2026"),
    Reason.NOT_A_MOMENT: mark("must have date and time, like 09.04.2026 10:32:15"),
    Reason.IN_THE_FUTURE: mark("lies in the future"),
    Reason.TOO_LONG_AGO: mark("lies too long ago"),
    Reason.NOT_A_NUMBER: mark("is not a whole number"),
    Reason.OUT_OF_RANGE: mark("is out of range"),
    Reason.UNKNOWN_WORD: mark("is not one of the known words; see the template's second sheet"),
    Reason.UNTIL_NEEDED: mark("is needed for a temporary place"),
    Reason.UNTIL_WITHOUT_END: mark("must be empty: a general place has no last day"),
    Reason.UNKNOWN_FIELD: mark("is not known"),
    Reason.DUPLICATE: mark("the same record stands further up in the file"),
    Reason.CANNOT_CHANGE: mark("differs from the registered one, and cannot be changed"),
    Reason.UNKNOWN_KINDERGARTEN: mark("is not in the register; import the kindergartens first"),
    Reason.SEVERAL_KINDERGARTENS: mark("is the name of several kindergartens of the district"),
    Reason.BELOW_TAKEN: mark("is less than the places that are taken already"),
    Reason.YEAR_NOT_COVERED: mark("is in a year that the calendar does not cover yet"),
}
FILES = {
    FileProblem.TOO_LARGE: mark(
        "The file is larger than 20 MB, which a bot cannot receive. Split it, or use the command "
        "line."
    ),
    FileProblem.UNPACKS_TOO_LARGE: mark(
        "The file unpacks to far more than a table needs. Copy the rows into the template."
    ),
    FileProblem.PASSWORD: mark("The file is protected by a password. Save it without one."),
    FileProblem.OLD_XLS: mark("The file is an old Excel file (XLS). Save it as XLSX."),
    FileProblem.NOT_A_TABLE: mark("The file is not a table. XLSX and CSV can be read."),
    FileProblem.BROKEN: mark("The file is damaged and cannot be read. Save it anew."),
    FileProblem.ENCODING: mark(
        "The letters of the file cannot be read. Save it as XLSX, or as CSV in UTF-8."
    ),
    FileProblem.QUOTATION_MARK: mark(
        "Line {line}: a quotation mark is opened and not closed, so that the rows after it run "
        "together. Mend it, or save the file as XLSX."
    ),
    FileProblem.TOO_MANY_ROWS: mark("The file has more than 200,000 rows. Split it."),
    FileProblem.EMPTY: mark("There are no rows in the file."),
}


def door(t: Texts) -> Screen:
    """What can be sent; it is waited for."""
    text = t(
        "📥 <b>Import</b>\nSend an XLSX or CSV file: citizens, applications, kindergartens, places "
        "or calendar days. Columns are recognised by their headings in Kazakh, Russian and "
        "English.\nFirst comes a report; nothing is changed before you confirm it.\n"
        "Templates to fill in:"
    )
    templates = [button(t.plain(name), TemplateButton(kind=kind)) for kind, name in KINDS.items()]
    return Screen(text, rows(*columns(templates, 2), back_to_desk(t)))


def template_name(kind: Kind) -> str:
    """What a template's file is called."""
    return f"orynbot-{kind.value}.xlsx"


def template_caption(kind: Kind, t: Texts) -> Markup:
    """What stands under a template."""
    return t("Template: {kind}. Fill it in and send it here.", kind=t.plain(KINDS[kind]))


def reading(done: int, t: Texts) -> Screen:
    """The file is being read."""
    return Screen(t("⏳ The file is being read. Rows so far: {count}.", count=done))


def applying(done: int, total: int, t: Texts) -> Screen:
    """The rows are being brought in."""
    bar = _bar(done, total)
    text = t("⏳ The rows are being brought in.\n{bar} {done} of {total}", bar=bar, done=done,
             total=total)  # fmt: skip
    return Screen(text)


def _bar(done: int, total: int) -> str:
    filled = CELLS * done // max(total, 1)
    return "▓" * filled + "░" * (CELLS - filled)


def not_read(problem: FileProblem, t: Texts, line: int | None = None) -> Screen:
    """The file is refused; another one is waited for. `line`: as of NotATable."""
    text = t.plain(FILES[problem], line=line)
    kept = t("Nothing has been changed. You can send another file.")
    return Screen(t("⚠️ {problem}", problem=text) + Markup("\n") + kept, rows(back_to_desk(t)))


def not_loaded(t: Texts) -> Screen:
    """Telegram did not hand the file over."""
    text = t("⚠️ Telegram has not passed the file on. Send it again, please.")
    return Screen(text, rows(back_to_desk(t)))


def failed(t: Texts) -> Screen:
    """Nobody has foreseen what went wrong; it is in the log."""
    text = t(
        "⚠️ The file could not be read: something went wrong on our side. Nothing has been changed. "
        "Save it anew as XLSX, and send it again."
    )
    return Screen(text, rows(back_to_desk(t)))


def interrupted(t: Texts) -> Screen:
    """The database was down meanwhile."""
    text = t(
        "⚠️ The import was interrupted: the database cannot be reached. Nothing has been changed. "
        "Send the file again in a few minutes."
    )
    return Screen(text, rows(back_to_desk(t)))


def no_headings(nearest: Unrecognised, t: Texts) -> Screen:
    """The columns do not make a kind."""
    if nearest.kind is None:
        text = t(
            "⚠️ The file's columns are not recognised: no heading is known. Take a template and "
            "fill it in."
        )
        return Screen(text, door(t).keyboard)
    lines = [t("⚠️ It looks like: {kind}.", kind=t.plain(KINDS[nearest.kind]))]
    if nearest.missing:
        names = ", ".join(column(nearest.kind, field, t) for field in nearest.missing)
        lines.append(t("Missing columns: {names}.", names=names))
    if nearest.twice:
        names = ", ".join(column(nearest.kind, field, t) for field in nearest.twice)
        lines.append(t("Columns that occur twice: {names}.", names=names))
    lines.append(t("Nothing has been changed. You can send another file."))
    template = button(t.plain("Template"), TemplateButton(kind=nearest.kind))
    return Screen(Markup("\n").join(lines), rows(template, back_to_desk(t)))


def report(report: Report, reasons: Sequence[tuple[Problem, int]], t: Texts) -> Screen:
    """What the file would do; `reasons` of the refused, the most frequent first."""
    lines = [
        t("📋 <b>Report: {kind}</b>", kind=t.plain(KINDS[report.kind])),
        t(
            "New: {new}\nChanged: {changed}\nUnchanged: {unchanged}\nRefused: {refused}",
            new=report.new,
            changed=report.changed,
            unchanged=report.unchanged,
            refused=report.refused,
        ),
    ]
    if report.refused:
        lines += [
            t("• {problem}: {count}", problem=told(report.kind, problem, t), count=count)
            for problem, count in reasons[:REASONS_SHOWN]
        ]
        lines.append(t("The refused rows are in the file below. Mend them and send it here."))
    if not report.concerned:
        lines.append(t("There is nothing to bring in."))
        return Screen(Markup("\n").join(lines), rows(to_desk(t)))
    lines.append(t("Nothing has been changed yet."))
    return Screen(
        Markup("\n").join(lines),
        rows(
            button(t.plain("Bring in"), ApplyButton(id=report.id), "success"),
            button(t.plain("Drop the file"), DropButton(id=report.id)),
            to_desk(t),
        ),
    )


def question(report: Report, t: Texts) -> Markup:
    """Asked before the rows are brought in."""
    return t(
        "<b>Bring in: {kind}</b>\nNew: {new}, changed: {changed}. All of them or none; the refused "
        "rows stay out.",
        kind=t.plain(KINDS[report.kind]),
        new=report.new,
        changed=report.changed,
    )


def applied(report: Report, t: Texts) -> Screen:
    """The rows are in."""
    text = t(
        "✅ <b>Brought in: {kind}</b>\nNew: {new}\nChanged: {changed}\nUnchanged: {unchanged}",
        kind=t.plain(KINDS[report.kind]),
        new=report.new,
        changed=report.changed,
        unchanged=report.unchanged,
    )
    return Screen(text, rows(button(t.plain("Another file"), ImportsButton()), to_desk(t)))


def outdated(renewed: Report, reasons: Sequence[tuple[Problem, int]], t: Texts) -> Screen:
    """The records have changed since the report; this is the new one."""
    first = t(
        "⚠️ The records have changed since the report: nothing was brought in. The new report:"
    )
    shown = report(renewed, reasons, t)
    return Screen(first + Markup("\n\n") + shown.text, shown.keyboard)


def dropped(t: Texts) -> Screen:
    """The file is forgotten."""
    text = t("The file is dropped. Nothing has been changed.")
    return Screen(text, rows(button(t.plain("Another file"), ImportsButton()), to_desk(t)))


def gone(t: Texts) -> str:
    """The button's import is over."""
    return t.plain("This report is over: the file was brought in, dropped or replaced by another.")


def mending_name(kind: Kind) -> str:
    """What the file of the refused rows is called."""
    return f"orynbot-{kind.value}-to-mend.xlsx"


def mending_caption(refused: int, t: Texts) -> Markup:
    """What stands under the file of the refused rows."""
    return t("Refused rows: {count}. The first column says why.", count=refused)


def remark(kind: Kind, row: Refused, t: Texts) -> str:
    """What is wrong with a row, for the file to mend."""
    problems = "; ".join(told(kind, problem, t) for problem in row.problems)
    return t.plain("Row {number}. {problems}", number=row.number, problems=problems)


def told(kind: Kind, problem: Problem, t: Texts) -> str:
    """A problem: column, and why."""
    reason = t.plain(REASONS[problem.reason])
    if problem.field is None:
        return reason
    return f"{column(kind, problem.field, t)}: {reason}"


def column(kind: Kind, field: str, t: Texts) -> str:
    """What a column is called in the reader's language."""
    return HEADINGS[kind][field][0].in_(t.language)
