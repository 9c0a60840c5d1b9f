"""The rows of an import that were refused, as a workbook: each with its reasons, and importable
again once it is mended."""

import asyncio
from collections.abc import AsyncIterable, Callable, Sequence

from core.registry.headings import HEADINGS, REMARK
from core.registry.rows import FIELDS
from core.registry.staging import Refused
from core.registry.values import Kind
from documents.workbook import Cell, Workbook

WIDTH_OF_REMARK = 60


async def to_mend(
    kind: Kind,
    refused: AsyncIterable[Sequence[Refused]],
    remark: Callable[[Refused], str],
    language: str,
) -> bytes:
    """The file; `remark` tells what is wrong with a row, in `language`. Of many rows it takes long:
    it is written in a thread, so that people are answered meanwhile."""
    names = [HEADINGS[kind][field][0].in_(language) for field in FIELDS[kind]]
    book = Workbook()
    sheet = book.sheet(REMARK.in_(language), [REMARK.in_(language), *names], (WIDTH_OF_REMARK,))

    def write(batch: Sequence[Refused]) -> None:
        for row in batch:
            cells: list[Cell] = [row.cells.get(field) for field in FIELDS[kind]]
            sheet.add([remark(row), *cells])

    async for batch in refused:
        await asyncio.to_thread(write, batch)
    return await asyncio.to_thread(book.to_bytes)
