"""A row is read as people write it, and refused with each of its faults named."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.registry import readers
from core.registry.rows import ApplicationRow, Reading, Row, from_json, read, to_json
from core.registry.staging import Given, staged
from core.registry.values import Kind, Problem, Reason
from core.registry.vocabulary import Vocabulary
from tests import factories
from tests.integration.registry import rows

WORDS = Vocabulary({"3 жастагы балалар": "aged_3"}, {"сирота": "orphan"})
READING = Reading(WORDS, rows.TODAY)

EXAMPLES: list[tuple[Kind, dict[str, Any]]] = [
    (Kind.CITIZENS, rows.citizen(1)),
    (Kind.APPLICATIONS, rows.application(1, privilege="Сирота", applicant_email="a@b.kz")),
    (Kind.KINDERGARTENS, rows.kindergarten(latitude="53,28", longitude=69.4)),
    (Kind.PLACES, rows.place(mode="уақытша болу", until="30.04.2026")),
    (Kind.DAYS, rows.day()),
]


def sound(kind: Kind, raw: dict[str, Any]) -> Row:
    row = read(kind, raw, READING)
    assert not isinstance(row, tuple), row
    return row


@pytest.mark.parametrize(("kind", "raw"), EXAMPLES)
def test_a_row_that_is_kept_comes_back_as_it_was(kind: Kind, raw: dict[str, Any]) -> None:
    row = sound(kind, raw)
    assert from_json(kind, to_json(row)) == row


def test_an_application_is_read_as_people_and_spreadsheets_write_it() -> None:
    row = sound(
        Kind.APPLICATIONS,
        rows.application(
            1,
            applicant_iin=int(factories.iin(1)),
            applicant_phone=87750000001.0,
            district="Кокшетау",
            category=" 3 Жастағы  Балалар",
            child_birth_date=datetime(2023, 2, 1),  # noqa: DTZ001 a cell has no zone
        ),
    )
    assert isinstance(row, ApplicationRow)
    assert row.registered_at == datetime(2024, 7, 7, 20, 28, 10, tzinfo=UTC)
    assert (row.district, row.category, row.applicant_phone) == (
        "kokshetau",
        "aged_3",
        "+77750000001",
    )
    assert row.child_birth_date == date(2023, 2, 1)
    assert row.given_name == "Айару"


def test_zeros_that_excel_has_dropped_from_an_iin_are_put_back() -> None:
    born_2005 = factories.iin(1, date(2005, 3, 9), "5")
    assert born_2005.startswith("0")
    row = sound(Kind.CITIZENS, rows.citizen(1, iin=int(born_2005)))
    assert row.key == born_2005


FAULTS: list[tuple[Kind, dict[str, Any], set[tuple[str | None, Reason]]]] = [
    (
        Kind.CITIZENS,
        rows.citizen(1, iin="900517400010", phone="12", full_name=None, birth_date="31.02.2020"),
        {
            ("iin", Reason.WRONG_CHECK_DIGIT),
            ("phone", Reason.NOT_A_PHONE),
            ("full_name", Reason.MISSING),
            ("birth_date", Reason.NOT_A_DATE),
        },
    ),
    (
        Kind.CITIZENS,
        rows.citizen(1, iin="1", phone="87162255112", full_name="=A1", birth_date="09.04.2026"),
        {
            ("iin", Reason.NOT_TWELVE_DIGITS),
            ("phone", Reason.NOT_MOBILE),
            ("full_name", Reason.FORMULA),
            ("birth_date", Reason.IN_THE_FUTURE),
        },
    ),
    (
        Kind.CITIZENS,
        rows.citizen(1, full_name="?йг?л", birth_date=5, phone=True, iin="7" * 700),
        {
            ("full_name", Reason.LOST_LETTERS),
            ("birth_date", Reason.NOT_A_DATE),
            ("phone", Reason.NOT_TEXT),
            ("iin", Reason.TOO_LONG),
        },
    ),
    (
        Kind.APPLICATIONS,
        rows.application(1, registered_at=date(2024, 7, 8), category="4", district="Алматы"),
        {
            ("registered_at", Reason.NOT_A_MOMENT),
            ("category", Reason.UNKNOWN_WORD),
            ("district", Reason.UNKNOWN_WORD),
        },
    ),
    (Kind.APPLICATIONS, {**rows.application(1), "status": "x"}, {(None, Reason.UNKNOWN_FIELD)}),
    (Kind.PLACES, rows.place(total="1.5"), {("total", Reason.NOT_A_NUMBER)}),
    (Kind.PLACES, rows.place(total=-1), {("total", Reason.OUT_OF_RANGE)}),
    (Kind.PLACES, rows.place(mode="temporary"), {("until", Reason.UNTIL_NEEDED)}),
    (Kind.PLACES, rows.place(until="2026-04-30"), {("until", Reason.UNTIL_WITHOUT_END)}),
    (Kind.KINDERGARTENS, rows.kindergarten(latitude=1), {("longitude", Reason.MISSING)}),
    (
        Kind.KINDERGARTENS,
        rows.kindergarten(latitude=91, longitude="x"),
        {("latitude", Reason.OUT_OF_RANGE), ("longitude", Reason.NOT_A_NUMBER)},
    ),
    (Kind.DAYS, rows.day(date=[], kind={}, note="\ud800"), {
        ("date", Reason.NOT_TEXT), ("kind", Reason.NOT_TEXT), ("note", Reason.LOST_LETTERS),
    }),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "raw", "expected"), FAULTS)
def test_every_fault_of_a_row_is_told_and_no_other(
    kind: Kind, raw: dict[str, Any], expected: set[tuple[str | None, Reason]]
) -> None:
    problems = read(kind, raw, READING)
    assert isinstance(problems, tuple)
    assert {(problem.field, problem.reason) for problem in problems} == expected
    assert all(isinstance(problem, Problem) for problem in problems)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**400, "\x00", "９００５", "1e5"])
def test_no_value_is_more_than_refused(value: object) -> None:
    for kind, raw in EXAMPLES:
        for field in raw:
            read(kind, {**raw, field: value}, READING)


@pytest.mark.parametrize("unseen", ["\u202e", "\u2066", "\u200f", "\u061c", "\u200b", "\n", "\x85"])
def test_what_is_not_seen_but_turns_letters_round_is_not_kept_in_a_name(unseen: str) -> None:
    assert readers.name(f"{unseen}Әлия{unseen} {unseen}Қ.") == "Әлия Қ."


def test_a_day_alone_is_no_moment_however_the_sheet_holds_it() -> None:
    """Or the family would be in the queue as of midnight, before all others of that day (R5)."""
    day = datetime(2024, 7, 8)  # noqa: DTZ001 Excel's day, as openpyxl gives it
    for cell in (day, day.date(), "08.07.2024", "2024-07-08"):
        problems = read(Kind.APPLICATIONS, rows.application(1, registered_at=cell), READING)
        assert problems == (Problem("registered_at", Reason.NOT_A_MOMENT),)
    timed = rows.application(1, registered_at=day.replace(second=1), child_birth_date=day)
    row = sound(Kind.APPLICATIONS, timed)
    assert isinstance(row, ApplicationRow)
    assert row.registered_at == datetime(2024, 7, 7, 19, 0, 1, tzinfo=UTC)
    assert row.child_birth_date == day.date()


def test_a_refused_day_alone_stays_refused_when_it_is_sent_back_unmended() -> None:
    day = datetime(2024, 7, 8)  # noqa: DTZ001 a cell has no zone
    raw = rows.application(1, registered_at=day)
    kept = staged(1, Given(2, raw, read(Kind.APPLICATIONS, raw, READING)), None)["raw"]
    again = read(Kind.APPLICATIONS, kept, READING)
    assert again == (Problem("registered_at", Reason.NOT_A_MOMENT),)
