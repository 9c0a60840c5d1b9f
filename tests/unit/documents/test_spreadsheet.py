"""Files that people send: read as what they are, refused with a reason, never unpacked blindly."""

import zipfile
import zlib
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from unicodedata import normalize

import openpyxl
import pytest

from core.registry.headings import HEADINGS, REMARK, Columns, Unrecognised, recognise
from core.registry.rows import FIELDS
from core.registry.values import Kind
from core.registry.vocabulary import Stages
from documents import spreadsheet
from documents.refusals import FileProblem, NotATable
from documents.spreadsheet import lines
from documents.templates import template
from documents.workbook import Cell, Workbook

TABLE: list[list[Cell]] = [["ЖСН", "Аты"], ["900517400005", "Әлия Қ."], ["1", "Үміт Ң. өҺі"]]
TEXT = "ЖСН;Аты\r\n900517400005;Әлия Қ.\r\n1;Үміт Ң. өҺі\r\n"


def read(tmp_path: Path, content: bytes) -> list[tuple[int, list[Cell]]]:
    file = tmp_path / "file"
    file.write_bytes(content)
    return list(lines(file))


def problem(tmp_path: Path, content: bytes) -> FileProblem:
    with pytest.raises(NotATable) as refused:
        read(tmp_path, content)
    return refused.value.problem


def xlsx(*rows: list[Cell]) -> bytes:
    book = Workbook()
    sheet = book.sheet("1", [])
    for row in rows:
        sheet.add(row)
    return book.to_bytes()


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("kz1048"),
        TEXT.replace(";", ",").encode(),
        TEXT.replace(";", "\t").encode("utf-16"),
        b"sep=,\r\n" + TEXT.replace(";", ",").encode("kz1048"),
        b"\r\n;\r\n" + TEXT.encode(),
        xlsx(*TABLE),
        xlsx([], [None, ""], *TABLE),
    ],
)
def test_a_table_is_read_in_whatever_way_it_was_saved(tmp_path: Path, content: bytes) -> None:
    assert [cells[:2] for _, cells in read(tmp_path, content)] == TABLE


def test_rows_have_the_numbers_that_excel_shows(tmp_path: Path) -> None:
    assert [number for number, _ in read(tmp_path, xlsx(["a"], [], ["b"]))] == [1, 3]
    assert [number for number, _ in read(tmp_path, b'a;b\n"x\ny";2\n\n3;4\n')] == [1, 2, 4]


def test_cells_keep_what_they_are_and_formulas_show_as_formulas(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    moment = datetime(2026, 4, 9, 10, 30)  # noqa: DTZ001 a cell has no zone
    book.active.append([12, 1.5, moment, date(2026, 4, 9), "=1+1", "#N/A", True, None, "x"])
    held = BytesIO()
    book.save(held)
    [(_, cells)] = read(tmp_path, held.getvalue())
    assert cells[:2] == [12, 1.5]
    assert cells[2] == moment
    assert cells[4:7] == ["=1+1", "=#N/A", True]


def bomb(size: int) -> bytes:
    held = BytesIO(xlsx(["a"]))
    with (
        zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED) as packed,
        packed.open("xl/worksheets/sheet2.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(size // (1024 * 1024)):
            part.write(b"0" * 1024 * 1024)
    return held.getvalue()


def locked() -> bytes:
    data = bytearray(xlsx(["a"]))
    start = data.find(b"PK\x01\x02")
    data[start + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", FileProblem.EMPTY),
        (b"  \r\n ", FileProblem.EMPTY),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x00\x00\x01\x00", FileProblem.NOT_A_TABLE),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01", FileProblem.NOT_A_TABLE),
        (b"\xff\xd8\xff\xe0\x81\x82\x83\x84\x85" * 50, FileProblem.NOT_A_TABLE),
        (b"a;b\n\x81\x82\x83\x84\x85;\x80\n" * 50, FileProblem.ENCODING),
        (spreadsheet.COMPOUND + b"\0" * 500, FileProblem.OLD_XLS),
        (spreadsheet.COMPOUND + spreadsheet.ENCRYPTED, FileProblem.PASSWORD),
        (locked(), FileProblem.PASSWORD),
        (xlsx(["a"])[:-40], FileProblem.BROKEN),
        (b"a;b\n" + b'"' + b"x" * 200_000, FileProblem.BROKEN),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(
    tmp_path: Path, content: bytes, expected: FileProblem
) -> None:
    assert problem(tmp_path, content) is expected


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("word/document.xml", "<a/>")
    assert problem(tmp_path, held.getvalue()) is FileProblem.NOT_A_TABLE


def test_a_zip_bomb_is_refused_before_anything_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = bomb(3 * 1024 * 1024)
    assert len(content) < 20_000
    monkeypatch.setattr(spreadsheet, "MOST_UNPACKED", 2 * 1024 * 1024)
    monkeypatch.setattr("openpyxl.load_workbook", lambda *_, **__: pytest.fail("it was opened"))
    assert problem(tmp_path, content) is FileProblem.UNPACKS_TOO_LARGE


def with_part(name: str, part: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A workbook with another part in the place of its own."""
    held = BytesIO()
    with zipfile.ZipFile(BytesIO(xlsx(["a"]))) as source, zipfile.ZipFile(held, "w") as packed:
        for each in source.namelist():
            content = part if each == name else source.read(each)
            packed.writestr(each, content, method if each == name else None)
    return held.getvalue()


def test_a_part_that_unpacks_to_more_than_the_directory_says_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """openpyxl reads it in one piece, whatever that piece is."""
    name, small = "xl/theme/theme1.xml", b"<a/>"
    content = bytearray(with_part(name, small + b" " * 5_000_000))
    entry = content.rfind(name.encode()) - 46
    content[entry + 16 : entry + 20] = zlib.crc32(small).to_bytes(4, "little")
    content[entry + 24 : entry + 28] = len(small).to_bytes(4, "little")
    monkeypatch.setattr("openpyxl.load_workbook", lambda *_, **__: pytest.fail("it was opened"))
    assert problem(tmp_path, bytes(content)) is FileProblem.BROKEN


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_what_no_spreadsheet_packs_with_is_refused(tmp_path: Path, method: int) -> None:
    content = with_part("xl/theme/theme1.xml", b"<a/>", method)
    assert problem(tmp_path, content) is FileProblem.BROKEN


def test_the_texts_of_a_workbook_are_bounded_wherever_they_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_SHARED", 100_000)
    content = with_part("xl/theme/theme1.xml", b" " * 200_000)
    assert problem(tmp_path, content) is FileProblem.UNPACKS_TOO_LARGE


def test_more_tags_than_memory_bears_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_TAGS", 10_000)
    content = with_part("xl/theme/theme1.xml", b"<a/>" * 10_001)
    assert problem(tmp_path, content) is FileProblem.UNPACKS_TOO_LARGE


def test_a_row_that_claims_a_number_beyond_any_sheet_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or else a small file is read for ever, one empty row after another."""
    monkeypatch.setattr(spreadsheet, "LAST_ROW", 1_000)
    with zipfile.ZipFile(BytesIO(xlsx(["a"]))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    far = b'<row r="4000000000"><c r="A4000000000" t="n"><v>1</v></c></row></sheetData>'
    content = with_part("xl/worksheets/sheet1.xml", sheet.replace(b"</sheetData>", far))
    assert problem(tmp_path, content) is FileProblem.TOO_MANY_ROWS


def test_entities_that_grow_are_refused(tmp_path: Path) -> None:
    held = BytesIO()
    laughs = '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    with zipfile.ZipFile(BytesIO(xlsx(["a"]))) as source, zipfile.ZipFile(held, "w") as packed:
        for name in source.namelist():
            part = source.read(name)
            if name.endswith("sheet1.xml"):
                part = laughs.encode() + part
            packed.writestr(name, part)
    assert problem(tmp_path, held.getvalue()) is FileProblem.BROKEN


def test_more_rows_than_anybody_has_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)
    assert problem(tmp_path, b"1;2\n" * 4) is FileProblem.TOO_MANY_ROWS


def test_a_cell_far_to_the_right_does_not_widen_the_table(tmp_path: Path) -> None:
    row: list[Cell] = [None] * 10_000
    [(_, cells)] = read(tmp_path, xlsx(["a", *row, "b"]))
    assert len(cells) <= spreadsheet.MOST_COLUMNS


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("kind", list(Kind))
def test_the_headings_of_every_template_are_recognised(
    tmp_path: Path, kind: Kind, language: str
) -> None:
    file = tmp_path / "template.xlsx"
    template(kind, Stages({}, {}), language).save(file)
    (_, headings), _ = lines(file)
    columns = recognise(headings)
    assert isinstance(columns, Columns)
    assert columns.kind is kind
    assert columns.fields[1 : len(FIELDS[kind]) + 1] == FIELDS[kind]
    assert columns.remark == 0


def test_columns_may_stand_in_any_order_with_others_between() -> None:
    names = [named.ru for named, _ in HEADINGS[Kind.PLACES].values()]
    columns = recognise(["№", *reversed(names), "Комментарий", REMARK.ru])
    assert isinstance(columns, Columns)
    assert columns.fields == (None, *reversed(FIELDS[Kind.PLACES]), None, None)


def test_headings_whose_letters_a_mac_has_taken_apart_are_recognised() -> None:
    names = [named.ru for named, _ in HEADINGS[Kind.PLACES].values()]
    apart = [normalize("NFD", name) for name in names]
    assert apart != names
    assert recognise(apart) == recognise(names)


def test_headings_that_are_missing_or_doubled_are_named() -> None:
    nearest = recognise(["ИИН", "Телефон", "Дата рождения"])
    assert nearest == Unrecognised(Kind.CITIZENS, missing=("full_name",))
    twice = recognise(["ИИН", "ЖСН", "Телефон", "ФИО", "Дата рождения"])
    assert twice == Unrecognised(Kind.CITIZENS, twice=("iin",))
    assert recognise(["a", "b"]) == Unrecognised(None)
