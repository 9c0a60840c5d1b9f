"""Reading the tables that people send: XLSX and CSV, row by row, whatever they call themselves.

A file is judged by its first bytes, never by its name, and refused before anything in it is
unpacked that could be too large.
"""

import csv
import datetime as dt
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from documents import text_table
from documents.refusals import FileProblem, NotATable
from documents.workbook import Cell

MOST_BYTES = 100 * 1024 * 1024
"""Of a file; through Telegram come smaller ones only."""
MOST_UNPACKED = 300 * 1024 * 1024
"""All parts of a workbook together: several times what 100,000 applications take."""
MOST_SHARED = 60 * 1024 * 1024
"""The texts of a workbook, which have to be in memory at once, and all else but its sheets."""
MOST_TAGS = 15_000_000
"""Of a workbook; openpyxl keeps a hundred bytes for each that it does not know."""
MOST_PARTS = 1_000
LAST_ROW = 1_048_576
"""Excel has no more. A file may claim any, and openpyxl makes all the empty ones up to it."""
MOST_ROWS = 200_000
MOST_COLUMNS = 60
CHUNK = 1024 * 1024

UNREAD = ("xl/worksheets/", "xl/media/")
"""Parts that are never in memory as a whole."""
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What a workbook may be packed with; zipfile unpacks the others without any bound."""
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Old XLS, and new ones under a password."""
PICTURES_AND_PAPERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"{\\rtf", b"Rar!")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ERRORS = {"#N/A", "#VALUE!", "#REF!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#GETTING_DATA"}
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    csv.Error,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    SyntaxError,  # what XML that does not end is
    RuntimeError,
    OverflowError,
)
"""What openpyxl, csv and zipfile raise for files that somebody has damaged."""


Line = tuple[int, list[Cell]]
"""A row's number as Excel shows it, and its cells; a formula is its text, beginning with “=”."""


def lines(file: Path) -> Iterator[Line]:
    """The rows of the file (of a workbook's first sheet) that are not empty. Raises NotATable, at
    the latest where the damage is."""
    kind = _kind(file)
    rows = 0
    try:
        for number, cells in kind(file):
            if any(cell not in (None, "") for cell in cells):
                rows += 1
                if rows > MOST_ROWS:
                    raise NotATable(FileProblem.TOO_MANY_ROWS)
                yield number, cells
    except BROKEN as error:
        raise NotATable(FileProblem.BROKEN) from error


def _kind(file: Path) -> Callable[[Path], Iterator[Line]]:
    size = file.stat().st_size
    if size > MOST_BYTES:
        raise NotATable(FileProblem.TOO_LARGE)
    with file.open("rb") as opened:
        head = opened.read(len(COMPOUND))
    if not head.strip():
        raise NotATable(FileProblem.EMPTY)
    if head.startswith(PICTURES_AND_PAPERS):
        raise NotATable(FileProblem.NOT_A_TABLE)
    if head == COMPOUND:
        secret = ENCRYPTED in file.read_bytes()
        raise NotATable(FileProblem.PASSWORD if secret else FileProblem.OLD_XLS)
    if head.startswith((ZIP, EMPTY_ZIP)):
        _check_parts(file)
        return _workbook
    return _text


def _check_parts(file: Path) -> None:
    """The zip's directory tells how large each part is; nothing is unpacked beyond that. Whether
    it tells the truth is seen first, as openpyxl reads some parts in one piece."""
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
            _check_directory(parts)
            if sum(_tags(packed, part) for part in parts) > MOST_TAGS:
                raise NotATable(FileProblem.UNPACKS_TOO_LARGE)
    except BROKEN as error:
        raise NotATable(FileProblem.BROKEN) from error


def _check_directory(parts: Sequence[zipfile.ZipInfo]) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise NotATable(FileProblem.PASSWORD)
    held = sum(p.file_size for p in parts if not p.filename.startswith(UNREAD))
    too_large = sum(part.file_size for part in parts) > MOST_UNPACKED or held > MOST_SHARED
    if too_large or len(parts) > MOST_PARTS:
        raise NotATable(FileProblem.UNPACKS_TOO_LARGE)
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise NotATable(FileProblem.NOT_A_TABLE)
    if any(part.compress_type not in PACKED for part in parts):
        raise NotATable(FileProblem.BROKEN)


def _tags(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """How many tags a part opens. BadZipFile where it is larger than the directory says."""
    told, tags, size = part.file_size, 0, 0
    part.file_size = MOST_UNPACKED  # else zipfile hides what is beyond
    with packed.open(part) as opened:
        while chunk := opened.read(CHUNK):
            size += len(chunk)
            if size > told:
                raise zipfile.BadZipFile
            tags += chunk.count(b"<") - chunk.count(b"</")
    part.file_size = told
    return tags


def _workbook(file: Path) -> Iterator[Line]:
    import openpyxl  # in no process before somebody sends a workbook

    with file.open("rb") as opened:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles that we do not look at
            try:
                book = openpyxl.load_workbook(opened, read_only=True, keep_links=False)
            except OSError as error:
                if error.errno is not None:  # of the disk; openpyxl's own have no number
                    raise
                raise NotATable(FileProblem.BROKEN) from error
        try:
            if not book.worksheets:
                raise NotATable(FileProblem.EMPTY)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # a file may claim any
            rows = sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True)
            for number, cells in enumerate(rows, start=1):
                if number > LAST_ROW:
                    raise NotATable(FileProblem.TOO_MANY_ROWS)
                yield number, [_plain(cell) for cell in _filled(cells)]
        finally:
            book.close()


def _filled(cells: Sequence[object]) -> Sequence[object]:
    """Without the empty ones at the end."""
    length = len(cells)
    while length and cells[length - 1] is None:
        length -= 1
    return cells[:length]


def _plain(cell: object) -> Cell:
    """Text, number, date or nothing; what is computed shows as a formula."""
    if isinstance(cell, str):
        return f"={cell}" if cell in ERRORS else cell
    if cell is None or isinstance(cell, int | float | dt.datetime | dt.date):
        return cell
    return str(cell) if isinstance(cell, dt.time | dt.timedelta) else "="


def _text(file: Path) -> Iterator[Line]:
    for number, cells in text_table.rows(file):
        yield number, list(cells[:MOST_COLUMNS])
