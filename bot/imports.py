"""A file on its way into the registry, from the chat or the command line."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from core.db.engine import DatabaseDown
from core.registry.imports import Imports, NoSuchImport
from core.registry.staging import Report
from core.registry.values import Kind
from core.staff.rules import Member
from documents.refusals import FileProblem, NotATable
from documents.table_file import open_table


class OtherKind(Exception):
    """The file is of another kind than was told."""


async def stage_file(
    imports: Imports,
    by: Member | None,
    file: Path,
    moment: datetime,
    progress: Callable[[int], None],
    wanted: Kind | None = None,
) -> Report:
    """Read all of a file and tell what it would do; `progress` is told how many rows are through.
    Reading runs in a thread, so that people are answered meanwhile.

    Raises NotATable, NoHeadings, OtherKind (than the one `wanted`) and NotAllowed. Whatever it
    raises, nothing of the file is kept.
    """
    table = await asyncio.to_thread(open_table, file)
    reading = await imports.reading(moment)
    kind = table.columns.kind
    if wanted not in (None, kind):
        raise OtherKind(kind.value)
    import_id = await imports.begin(by, kind, moment)
    done = 0
    try:
        while given := await asyncio.to_thread(table.batch, reading):
            await imports.stage(import_id, kind, given)
            done += len(given)
            progress(done)
        if not done:
            raise NotATable(FileProblem.EMPTY)
        return await imports.report(by, import_id)
    except Exception:
        with suppress(NoSuchImport, DatabaseDown):  # what cannot be dropped now is not kept long
            await imports.drop(by, import_id)
        raise
