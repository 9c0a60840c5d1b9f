"""Tables that were saved as text: no row is lost in another one, whatever was typed."""

from pathlib import Path

import pytest

from core.registry.values import Kind
from documents.refusals import FileProblem, NotATable
from documents.spreadsheet import lines
from documents.table_file import open_table
from documents.workbook import Cell

HEADINGS = "ИИН;Телефон;ФИО;Дата рождения"
FIRST = "900517400005;+7 775 000 00 01;Ахметова Айгүл;17.05.1990"
SECOND = "910517400005;+7 775 000 00 02;Иванова Анна;17.05.1991"
THIRD = "920517400005;+7 775 000 00 03;Серикова Әлия;17.05.1992"


def read(tmp_path: Path, *rows: str, end: str = "\r\n") -> list[list[Cell]]:
    file = tmp_path / "file.csv"
    file.write_bytes(("\r\n".join(rows) + end).encode())
    return [cells for _, cells in lines(file)]


@pytest.mark.parametrize(
    ("row", "after"),
    [
        (FIRST.replace("Ахметова", '"Ахметова'), [SECOND, THIRD]),
        (FIRST.replace("Ахметова", '"Ахметова'), []),
        (FIRST.replace("Ахметова", '"Ахметова'), [SECOND.replace("Иванова", '"Иванова'), THIRD]),
        (FIRST.replace("Ахметова", '"Ахметова'), [SECOND.replace("Анна", 'Анна"'), THIRD]),
        (FIRST.replace("Ахметова", '"Ахметова'), [SECOND.replace(";17", '";17'), THIRD]),
        (FIRST.replace("17.05.1990", '"17.05.1990'), [SECOND.replace("Анна", 'Анна"'), THIRD]),
        (FIRST.replace("Ахметова", '"Ахметова'), [SECOND] * 5_000),
    ],
)
@pytest.mark.parametrize("end", ["\r\n", ""])
def test_a_quotation_mark_that_is_alone_swallows_no_rows(
    tmp_path: Path, row: str, after: list[str], end: str
) -> None:
    """Or else the next families' IINs and phones would be a part of somebody's name."""
    with pytest.raises(NotATable) as refused:
        read(tmp_path, HEADINGS, SECOND, row, *after, end=end)
    assert refused.value.problem is FileProblem.QUOTATION_MARK
    assert refused.value.line == 3


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ('"Абай көшесі, 98\r\n5-пәтер"', "Абай көшесі, 98\r\n5-пәтер"),
        ('"«Қарлығаш»; бақша"', "«Қарлығаш»; бақша"),
        ('"""Қарлығаш"" бақшасы"', '"Қарлығаш" бақшасы'),
        ('"Қарлығаш" бақшасы', "Қарлығаш бақшасы"),
        ('Труба 5"', 'Труба 5"'),
    ],
)
def test_quotation_marks_that_are_closed_are_read_as_ever(
    tmp_path: Path, cell: str, told: str
) -> None:
    rows = read(tmp_path, HEADINGS, f"1;{cell};3;4", SECOND)
    assert rows == [HEADINGS.split(";"), ["1", told, "3", "4"], SECOND.split(";")]


def test_a_line_break_and_the_delimiter_may_both_be_in_a_cell_that_is_quoted_well(
    tmp_path: Path,
) -> None:
    rows = read(tmp_path, HEADINGS.replace(";", ","), '1,"Абай көшесі, 98,\n5-пәтер",3,4')
    assert rows[1] == ["1", "Абай көшесі, 98,\n5-пәтер", "3", "4"]


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
@pytest.mark.parametrize(
    "title",
    [
        "Реестр, граждан, города, Кокшетау, на, 07.04.2026",
        "Тізілім; азаматтар; Көкшетау; қаласы; 2026; жыл",
        "Азаматтар\tтізілімі\t\t\t\t",
    ],
)
def test_a_title_above_the_headings_may_hold_any_signs(
    tmp_path: Path, title: str, delimiter: str
) -> None:
    file = tmp_path / "file.csv"
    table = "\n".join(row.replace(";", delimiter) for row in (HEADINGS, FIRST, SECOND))
    file.write_bytes(f"{title}\n\n{table}\n".encode())
    assert open_table(file).columns.kind is Kind.CITIZENS
