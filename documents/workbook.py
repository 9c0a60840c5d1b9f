"""XLSX files, written row by row: memory does not grow with them."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from core.clock import local

Cell = str | int | float | bool | date | datetime | None
"""What a cell may hold. An aware datetime is written as people in Kazakhstan see it."""

CELL_LENGTH = 32_767
"""Characters that Excel takes in a cell."""
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
FORBIDDEN_IN_TITLE = re.compile(r"[\[\]:*?/\\']")
TITLE_LENGTH = 31
WIDEST = 60
DAY = "dd.mm.yyyy"
MOMENT = "dd.mm.yyyy hh:mm:ss"


class Sheet:
    """One sheet of a workbook, written from above to below."""

    def __init__(self, sheet: Any, headings: Sequence[str], widths: Sequence[int]) -> None:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Font
        from openpyxl.utils import get_column_letter

        self._sheet = sheet
        self._new_cell, self._bold = partial(WriteOnlyCell, sheet), Font(bold=True)
        for n, heading in enumerate(headings):
            width = widths[n] if n < len(widths) else min(max(12, len(heading) + 2), WIDEST)
            sheet.column_dimensions[get_column_letter(n + 1)].width = width
        if headings:
            sheet.freeze_panes = "A2"
            sheet.append([self._text(heading, bold=True) for heading in headings])

    def add(self, row: Iterable[Cell], *, bold: bool = False) -> None:
        """The next row."""
        self._sheet.append([self._cell(value, bold=bold) for value in row])

    def _cell(self, value: Cell, *, bold: bool) -> Any:
        if value is None:
            return None
        if isinstance(value, str):
            return self._text(value, bold=bold)
        if isinstance(value, datetime):
            seen = local(value).replace(tzinfo=None) if value.tzinfo else value
            return self._styled(seen, MOMENT, bold=bold)
        if isinstance(value, date):
            return self._styled(value, DAY, bold=bold)
        return self._styled(value, None, bold=bold) if bold else value

    def _styled(self, value: Any, number_format: str | None, *, bold: bool) -> Any:
        cell = self._new_cell(value=value)
        if number_format:
            cell.number_format = number_format
        if bold:
            cell.font = self._bold
        return cell

    def _text(self, value: str, *, bold: bool) -> Any:
        """A cell that is text whatever it begins with: never a formula, never an error."""
        cell = self._new_cell(value=NOT_XML.sub("", value)[:CELL_LENGTH])
        cell.data_type = "s"
        if bold:
            cell.font = self._bold
        return cell


class Workbook:
    """An XLSX file of one sheet or more. Sheets are written one after another, then saved once."""

    def __init__(self) -> None:
        from openpyxl import Workbook as OpenpyxlWorkbook  # its import takes as long as a screen

        self._book = OpenpyxlWorkbook(write_only=True)

    def sheet(self, title: str, headings: Sequence[str], widths: Sequence[int] = ()) -> Sheet:
        """A new sheet whose first row, in bold and always in sight, are `headings`; `widths` of
        its columns in characters, those that are left out by their headings. A title is cut to
        what Excel takes."""
        safe = FORBIDDEN_IN_TITLE.sub(" ", NOT_XML.sub("", title))[:TITLE_LENGTH].strip()
        return Sheet(self._book.create_sheet(safe or "1"), headings, widths)

    def save(self, to: Path | BinaryIO) -> None:
        """Write the file; nothing can be added after that."""
        self._book.save(to)

    def to_bytes(self) -> bytes:
        """The file as bytes: what Telegram is sent."""
        held = BytesIO()
        self.save(held)
        return held.getvalue()

    def drop(self) -> None:
        """End a file that will not be needed."""
        self.save(BytesIO())
