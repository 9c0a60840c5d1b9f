"""The writer of XLSX: what goes in comes out, and never as a formula."""

from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl

from documents.workbook import CELL_LENGTH, Workbook


def test_what_is_written_is_read_again_and_text_never_becomes_a_formula() -> None:
    book = Workbook()
    dangerous = ["=1+1", "+7 775", "@SUM(A1)", "-2", "#N/A", '=HYPERLINK("http://x")']
    sheet = book.sheet("Кезек: [тізім]/*", ["Аты", "Күні"])
    for text in dangerous:
        sheet.add([text, date(2026, 4, 9)])
    sheet.add(["Қ\x00\x1fа", datetime(2026, 4, 7, 5, tzinfo=UTC), 7, None, 1.5, True], bold=True)
    sheet.add(["x" * (CELL_LENGTH + 9)])
    read = openpyxl.load_workbook(BytesIO(book.to_bytes()))
    [seen] = read.worksheets
    cells = list(seen.iter_rows())
    assert [cell.value for cell in cells[0][:2]] == ["Аты", "Күні"]
    assert [row[0].value for row in cells[1:7]] == dangerous
    assert {row[0].data_type for row in cells[1:7]} == {"s"}
    assert cells[1][1].value == datetime(2026, 4, 9)  # noqa: DTZ001 a cell has no zone
    assert [cell.value for cell in cells[7]] == [
        "Қа",
        datetime(2026, 4, 7, 10),  # noqa: DTZ001 as people in Kazakhstan see it
        7,
        None,
        1.5,
        True,
    ]
    assert len(cells[8][0].value) == CELL_LENGTH
