"""A file of one of the registry's kinds: its headings found, its rows read, batch by batch."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from core.places.search import fold
from core.registry.headings import EXAMPLES, Columns, Unrecognised, recognise
from core.registry.rows import Reading, read
from core.registry.staging import Given
from core.registry.upsert import BATCH
from documents.refusals import FileProblem, NotATable
from documents.spreadsheet import Line, lines

ABOVE = 15
"""Rows above the headings that a file may have: a title, an empty table's head."""


class NoHeadings(Exception):
    """None of the first rows are headings of a kind; `nearest` says what is missing."""

    def __init__(self, nearest: Unrecognised) -> None:
        super().__init__("no headings")
        self.nearest = nearest


@dataclass
class TableFile:
    """What is left to be read of a file whose headings have been found."""

    columns: Columns
    rows: Iterator[Line] = field(repr=False)

    def batch(self, reading: Reading) -> list[Given]:
        """The next BATCH rows as they are read, nothing at the end. Templates' examples are no
        rows. It takes a while: call it in a thread. Raises NotATable."""
        given: list[Given] = []
        while not given and (cut := list(islice(self.rows, BATCH))):
            given = [one for line in cut if (one := self._given(line, reading)) is not None]
        return given

    def _given(self, line: Line, reading: Reading) -> Given | None:
        number, cells = line
        remark = self.columns.remark
        if remark is not None and remark < len(cells):
            told = cells[remark]
            if isinstance(told, str) and fold(told) in EXAMPLES:
                return None
        raw: dict[str, Any] = {
            name: cells[n] if n < len(cells) else None
            for n, name in enumerate(self.columns.fields)
            if name is not None
        }
        if all(cell in (None, "") for cell in raw.values()):
            return None
        return Given(number, raw, read(self.columns.kind, raw, reading))


def open_table(file: Path) -> TableFile:
    """Find the headings. It takes a moment: call it in a thread. Raises NotATable, NoHeadings."""
    rows = lines(file)
    nearest = Unrecognised(None)
    empty = True
    for _, cells in islice(rows, ABOVE):
        empty = False
        found = recognise(cells)
        if isinstance(found, Columns):
            return TableFile(found, rows)
        if nearest.kind is None:
            nearest = found
    if empty:
        raise NotATable(FileProblem.EMPTY)
    raise NoHeadings(nearest)
