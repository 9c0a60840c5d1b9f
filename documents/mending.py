"""The rows of an import that were refused, as a workbook: each with its reasons, and importable
again once it is mended."""

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
    """The file; `remark` tells what is wrong with a row, in `language`."""
    names = [HEADINGS[kind][field][0].in_(language) for field in FIELDS[kind]]
    book = Workbook()
    sheet = book.sheet(REMARK.in_(language), [REMARK.in_(language), *names], (WIDTH_OF_REMARK,))
    async for batch in refused:
        for row in batch:
            cells: list[Cell] = [row.cells.get(field) for field in FIELDS[kind]]
            sheet.add([remark(row), *cells])
    return book.to_bytes()
