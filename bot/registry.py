"""`oryn import` and `oryn template`: registers from the command line, where no file is too large
for Telegram."""

import asyncio
import sys
from pathlib import Path

from bot.imports import OtherKind, stage_file
from bot.maintenance import open_database
from bot.screens.staff import imports as screens
from core.clock import SystemClock
from core.registry.exports import Exports
from core.registry.imports import Imports, Outdated
from core.registry.staging import Report
from core.registry.values import Kind
from documents.mending import to_mend
from documents.refusals import NotATable
from documents.table_file import NoHeadings
from documents.templates import template
from locales.texts import texts

T = texts("en")
SHOWN = 20
"""Reasons that are told."""
EVERY = 10_000
"""Rows between two lines of progress."""


async def bring_in(file: Path, kind: str | None, apply: bool, refused: Path | None) -> str:
    """`oryn import`. SystemExit with what is wrong."""
    moment = SystemClock().now()
    async with open_database() as db:
        imports = Imports(db)
        wanted = Kind(kind) if kind else None
        try:
            report = await stage_file(imports, None, file, moment, _Tell("read"), wanted)
        except FileNotFoundError:
            raise SystemExit(f"There is no file {file}.") from None
        except NotATable as error:
            raise SystemExit(T.plain(screens.FILES[error.problem], line=error.line)) from None
        except NoHeadings as error:
            raise SystemExit(_unrecognised(error)) from None
        except OtherKind as other:
            raise SystemExit(f"The file holds {other}, not {kind}: nothing was changed.") from None
        told = await _report(imports, report, refused)
        if not apply or not report.concerned:
            await imports.drop(None, report.id)
            return f"{told}\nNothing was changed" + ("." if apply else "; --apply brings it in.")
        try:
            await imports.apply(None, report.id, report.concerned, moment, _Tell("brought in"))
        except Outdated:
            raise SystemExit(
                f"{told}\nThe records have changed meanwhile: nothing was brought in. Try again."
            ) from None
    return f"{told}\nBrought in: {report.concerned}."


async def _report(imports: Imports, report: Report, refused: Path | None) -> str:
    lines = [
        f"{report.kind}: {report.new} new, {report.changed} changed, "
        f"{report.unchanged} unchanged, {report.refused} refused"
    ]
    for problem, count in (await imports.reasons(None, report.id))[:SHOWN]:
        lines.append(f"{count:8}  {screens.told(report.kind, problem, T)}")
    if refused is not None and report.refused:
        rows = imports.refused(None, report.id)
        data = await to_mend(report.kind, rows, lambda r: screens.remark(report.kind, r, T), "en")
        await asyncio.to_thread(refused.write_bytes, data)
        lines.append(f"The refused rows are in {refused}.")
    return "\n".join(lines)


def _unrecognised(error: NoHeadings) -> str:
    nearest = error.nearest
    if nearest.kind is None:
        return "No heading is known. `oryn template KIND FILE` writes a file to fill in."
    missing = ", ".join(screens.column(nearest.kind, field, T) for field in nearest.missing)
    twice = ", ".join(screens.column(nearest.kind, field, T) for field in nearest.twice)
    return f"It looks like {nearest.kind}. Missing: {missing or '—'}. Twice: {twice or '—'}."


class _Tell:
    """Progress for whoever watches a long import."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._told = 0

    def __call__(self, done: int) -> None:
        if done - self._told >= EVERY:
            self._told = done
            sys.stderr.write(f"{done} rows {self._what}\n")


async def write_template(kind: str, file: Path, language: str) -> str:
    """`oryn template`."""
    async with open_database() as db:
        stages = await Exports(db).stages()
    template(Kind(kind), stages, language).save(file)
    return f"The template is in {file}."
