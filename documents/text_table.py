"""Tables that were saved as text (CSV): which letters, what stands between the cells, and no row
lost in a quotation mark."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from core.places.search import ALPHABET
from core.registry.headings import Columns, recognise
from documents.refusals import FileProblem, NotATable

SAMPLE = 64 * 1024
CHUNK = 1024 * 1024
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
KAZAKH_WINDOWS = "kz1048"
"""windows-1251 with the Kazakh letters where it has Serbian and Macedonian ones."""
LETTERS = frozenset(ALPHABET + ALPHABET.upper() + "«»„“”–—№…\u00a0")
DELIMITERS = ";\t,"
FIRST = 30
"""Lines that tell the delimiter: the headings are among them, under a title perhaps."""


def rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows, numbered as Excel does. Raises NotATable, at the latest where the damage is."""
    encoding = _encoding(file)
    with file.open(encoding=encoding, newline="") as opened:
        first = list(islice(opened, FIRST))
        opened.seek(0)
        skipped = next((n for n, line in enumerate(first) if line.strip()), 0)
        told = ""
        if first and first[skipped].lower().startswith("sep="):
            told = first[skipped][4:5].strip("\r\n")
            skipped += 1
        else:
            skipped = 0
        yield from _records(islice(opened, skipped, None), told or _delimiter(first), skipped)


def _records(lines: Iterable[str], delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    taken: list[str] = []
    reader = csv.reader(_noted(lines, taken), delimiter=delimiter)
    width = 0

    def alone() -> NotATable:
        line = skipped + reader.line_num - len(taken) + 1
        return NotATable(FileProblem.QUOTATION_MARK, line)

    try:
        for number, cells in enumerate(reader, start=1 + skipped):
            if _swallows(taken, cells, delimiter, width):
                raise alone()
            width = max(width, len(cells))
            yield number, cells
            taken.clear()
    except csv.Error as error:  # a cell longer than any
        if len(taken) == 1:
            raise
        raise alone() from error


def _noted(lines: Iterable[str], taken: list[str]) -> Iterator[str]:
    for line in lines:
        taken.append(line)
        yield line


def _swallows(taken: Sequence[str], cells: Sequence[str], delimiter: str, width: int) -> bool:
    """Whether the lines that made this row are in truth several rows. A cell may well hold a line
    break, when it is quoted as it should be; a row among the others of that `width` is suspected
    where it holds the delimiter, too."""
    if len(taken) == 1 and taken[0].count('"') % 2 == 0:
        return False
    again = csv.reader([*taken, ""], delimiter=delimiter, strict=len(taken) > 1)
    try:
        next(again)
    except csv.Error:
        return True
    if again.line_num > len(taken):  # the file ends before the cell does
        return True
    broken = [cell for cell in cells if "\n" in cell or "\r" in cell]
    held = sum(cell.count(delimiter) for cell in broken)
    return held > 0 and (len(cells) != width or held >= width - 1)


def _delimiter(first: Sequence[str]) -> str:
    """The one by which headings are recognised, else the most frequent."""
    return max(DELIMITERS, key=lambda one: (_headings(first, one), "".join(first).count(one)))


def _headings(first: Sequence[str], delimiter: str) -> int:
    """2 for headings, 1 for some that lack others, 0 for none."""
    found = 0
    try:
        for cells in csv.reader(first, delimiter=delimiter):
            told = recognise(cells)
            found = max(found, 2 if isinstance(told, Columns) else 1 if told.kind else 0)
    except csv.Error:  # the rows themselves will tell
        pass
    return found


def _encoding(file: Path) -> str:
    """UTF-8, UTF-16 or windows-1251 (with the Kazakh letters). Raises NotATable for no text."""
    with file.open("rb") as opened:
        sample = opened.read(SAMPLE)
    for mark, encoding in BOMS:
        if sample.startswith(mark):
            return _checked(file, encoding)
    if b"\x00" in sample:
        zeros = [sample[start::2].count(0) for start in (0, 1)]
        try:
            return _checked(file, "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le")
        except NotATable:
            raise NotATable(FileProblem.NOT_A_TABLE) from None
    try:
        return _checked(file, "utf-8")
    except NotATable as problem:
        if problem.problem is not FileProblem.ENCODING or not _looks_cyrillic(sample):
            raise
    return _checked(file, KAZAKH_WINDOWS)


def _checked(file: Path, encoding: str) -> str:
    """`encoding`, if all of the file is text in it."""
    try:
        with file.open(encoding=encoding, newline="") as opened:
            while chunk := opened.read(CHUNK):
                if any(control in chunk for control in "\x00\x01\x02\x03\x04\x05\x06\x07\x0e\x0f"):
                    raise NotATable(FileProblem.NOT_A_TABLE)
    except UnicodeError:
        raise NotATable(FileProblem.ENCODING) from None
    return encoding


def _looks_cyrillic(sample: bytes) -> bool:
    """Of the bytes beyond ASCII nearly all are letters, and there is ASCII too: delimiters, digits
    and line ends."""
    beyond = [bytes([byte]) for byte in sample if byte >= 0x80]
    letters = sum(byte.decode(KAZAKH_WINDOWS, "replace") in LETTERS for byte in beyond)
    plain = sum(byte in b"\t\n\r" or 0x20 <= byte < 0x7F for byte in sample)
    return letters >= 0.95 * len(beyond) and plain >= 0.1 * len(sample)
