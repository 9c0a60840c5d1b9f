"""Imports: a file is sent, reported on, and brought in once the number of its rows is typed."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog
from aiogram import Router
from aiogram.types import CallbackQuery, Document, Message

from bot.handlers.staff import confirm
from bot.imports import stage_file
from bot.keyboards.staff.base import back_to_desk
from bot.keyboards.staff.imports import ApplyButton, DropButton, ImportsButton, TemplateButton
from bot.middlewares.staff import Awaited, AwaitedFile, StaffCommand
from bot.nursery import Nursery
from bot.outgoing.gate import DOWNLOADED, NotHandedOver
from bot.progress import Progress
from bot.screens.base import Screen
from bot.screens.staff import imports as screens
from bot.tap import Tap
from core.db.engine import DatabaseDown
from core.registry.imports import NoSuchImport, Outdated
from core.registry.staging import Report
from core.registry.values import Problem
from core.staff.rules import Member, Right
from documents.mending import to_mend
from documents.refusals import FileProblem, NotATable
from documents.table_file import NoHeadings
from documents.templates import template

log = structlog.get_logger(__name__)

AWAITED = "staff_import"


def build() -> Router:
    router = Router(name="staff_imports")
    flags = {"right": Right.IMPORT}
    router.message.register(opened_by_command, StaffCommand("import"), flags=flags)
    router.message.register(received, AwaitedFile(AWAITED), flags=flags)
    router.message.register(opened_by_command, Awaited(AWAITED), flags=flags)
    router.callback_query.register(opened, ImportsButton.filter())
    router.callback_query.register(template_wanted, TemplateButton.filter())
    router.callback_query.register(asked, ApplyButton.filter())
    router.callback_query.register(dropped, DropButton.filter())
    return router


async def opened_by_command(_: Message, tap: Tap, member: Member) -> None:
    await _open(tap)


async def opened(_: CallbackQuery, tap: Tap, member: Member) -> None:
    await _open(tap)


async def _open(tap: Tap) -> None:
    await tap.core.visitors.expect(tap.chat_id, AWAITED, {}, tap.moment)
    await tap.show(screens.door(tap.t))


async def template_wanted(
    _: CallbackQuery, callback_data: TemplateButton, tap: Tap, member: Member
) -> None:
    """A file to fill in; it is then waited for."""
    kind = callback_data.kind
    await tap.core.visitors.expect(tap.chat_id, AWAITED, {}, tap.moment)
    stages = await tap.core.exports.stages()
    book = template(kind, stages, tap.t.language)
    caption = screens.template_caption(kind, tap.t)
    await tap.gate.document(tap.chat_id, screens.template_name(kind), book.to_bytes(), caption)


async def received(message: Message, tap: Tap, member: Member, nursery: Nursery) -> None:
    """A file has come: it is read beside the answers to others, and the desk waits for more."""
    assert message.document is not None
    if (message.document.file_size or 0) > DOWNLOADED:
        await tap.send(screens.not_read(FileProblem.TOO_LARGE, tap.t))
        return
    message_id = await tap.send(screens.reading(0, tap.t))
    screen = partial(screens.reading, t=tap.t)
    progress = Progress(tap.gate, tap.chat_id, message_id, screen)
    nursery.start(_read(tap, member, message.document, progress), name="read an import")


async def _read(tap: Tap, member: Member, document: Document, progress: Progress) -> None:
    with TemporaryDirectory(prefix="orynbot-import-") as folder:
        file = Path(folder) / "file"
        try:
            screen, report = await progress.beside(_reported(tap, member, document, file, progress))
        except Exception:
            await tap.gate.edit(tap.chat_id, progress.message_id, screens.failed(tap.t))
            raise
    await tap.gate.edit(tap.chat_id, progress.message_id, screen)
    if report is not None:
        await _send_refused(tap, member, report)


async def _reported(
    tap: Tap, member: Member, document: Document, file: Path, progress: Progress
) -> tuple[Screen, Report | None]:
    """The report, or why there is none: of a file, nothing but an answer ever comes."""
    try:
        await tap.gate.download(document.file_id, file)
        report = await stage_file(tap.core.imports, member, file, tap.moment, progress.tell)
        reasons = await tap.core.imports.reasons(member, report.id)
    except NotHandedOver:
        log.warning("a file was not handed over", chat_id=tap.chat_id)
        return screens.not_loaded(tap.t), None
    except NotATable as refused:
        return screens.not_read(refused.problem, tap.t, refused.line), None
    except NoHeadings as refused:
        return screens.no_headings(refused.nearest, tap.t), None
    except (DatabaseDown, NoSuchImport):  # or another file of the same person has come meanwhile
        return screens.interrupted(tap.t), None
    return screens.report(report, reasons, tap.t), report


async def _send_refused(tap: Tap, member: Member, report: Report) -> None:
    if not report.refused:
        return
    data = await to_mend(
        report.kind,
        tap.core.imports.refused(member, report.id),
        lambda row: screens.remark(report.kind, row, tap.t),
        tap.t.language,
    )
    name = screens.mending_name(report.kind)
    caption = screens.mending_caption(report.refused, tap.t)
    await tap.gate.document(tap.chat_id, name, data, caption)


async def asked(_: CallbackQuery, callback_data: ApplyButton, tap: Tap, member: Member) -> None:
    """The number of rows is to be typed."""
    try:
        report = await tap.core.imports.look(member, callback_data.id)
    except NoSuchImport:
        await tap.alert(screens.gone(tap.t))
        return
    question = screens.question(report, tap.t)
    back = back_to_desk(tap.t)
    await confirm.ask(tap, "import", report.concerned, question, back, import_id=report.id)


async def apply(tap: Tap, member: Member, details: dict[str, Any]) -> None:
    """All of the report's rows, or none."""
    import_id, number = int(details["import_id"]), int(details["number"])
    screen = partial(screens.applying, total=number, t=tap.t)
    message_id = await tap.send(screen(0))
    progress = Progress(tap.gate, tap.chat_id, message_id, screen)
    renewed: Report | None = None
    applying = tap.core.imports.apply(member, import_id, number, tap.moment, progress.tell)
    try:
        report = await progress.beside(applying)
    except NoSuchImport:
        told = Screen(screens.gone(tap.t), None)
    except Outdated:
        renewed, reasons = await _again(tap, member, import_id)
        told = screens.outdated(renewed, reasons, tap.t)
    except DatabaseDown:
        told = screens.interrupted(tap.t)
    else:
        told = screens.applied(report, tap.t)
    await tap.gate.edit(tap.chat_id, message_id, told)
    if renewed is not None:
        await _send_refused(tap, member, renewed)


ACT = confirm.Act(Right.IMPORT, apply)


async def _again(
    tap: Tap, member: Member, import_id: int
) -> tuple[Report, Sequence[tuple[Problem, int]]]:
    return (
        await tap.core.imports.look(member, import_id),
        await tap.core.imports.reasons(member, import_id),
    )


async def dropped(_: CallbackQuery, callback_data: DropButton, tap: Tap, member: Member) -> None:
    """The file is forgotten."""
    try:
        await tap.core.imports.drop(member, callback_data.id)
    except NoSuchImport:
        await tap.alert(screens.gone(tap.t))
        return
    await tap.show(screens.dropped(tap.t))
