"""Tables as files for a spreadsheet: UTF-8 with the mark by which Excel knows it, semicolons."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

EXCEL = "utf-8-sig"
PHONE = re.compile(r"\+[0-9 ()-]+")


def harmless(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula begins with an apostrophe."""
    formula = cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not PHONE.fullmatch(cell)
    return f"'{cell}" if formula else cell


class CsvFile:
    """A file that grows row by row."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._bytes = io.BytesIO()
        self._text = io.TextIOWrapper(self._bytes, encoding=EXCEL, newline="", write_through=True)
        self._writer = csv.writer(self._text, delimiter=";")
        self._writer.writerow(columns)
        self.rows = 0

    def add(self, rows: Iterable[Sequence[str]]) -> None:
        """Write rows."""
        for row in rows:
            self._writer.writerow([harmless(cell) for cell in row])
            self.rows += 1

    @property
    def size(self) -> int:
        """Bytes so far."""
        return self._bytes.tell()

    @property
    def data(self) -> bytes:
        """The file."""
        return self._bytes.getvalue()
