"""A file of invented applications, some of which are faulty, each in a way that is known."""

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from core.registry.headings import HEADINGS
from core.registry.rows import FIELDS
from core.registry.values import Kind, Reason
from documents.workbook import Cell, Workbook

START = datetime(2023, 1, 9, 9)  # noqa: DTZ001 a cell has no zone
WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
DISTRICTS = ("Көкшетау қаласы", "г. Косшы", "Burabay district", "zerendi", "Ақкөл ауданы")
FAULTS: tuple[tuple[str, Cell, Reason], ...] = (
    ("applicant_iin", "900517400000", Reason.WRONG_CHECK_DIGIT),
    ("child_iin", "12", Reason.NOT_TWELVE_DIGITS),
    ("applicant_phone", "255-11-22", Reason.NOT_A_PHONE),
    ("applicant_name", None, Reason.MISSING),
    ("child_name", "=A1", Reason.FORMULA),
    ("district", "Алматы қаласы", Reason.UNKNOWN_WORD),
    ("category", "?", Reason.UNKNOWN_WORD),
    ("registered_at", "вчера", Reason.NOT_A_MOMENT),
    ("child_birth_date", "31.02.2023", Reason.NOT_A_DATE),
    ("applicant_address", "к?шесі, 5", Reason.LOST_LETTERS),
)
"""Field, what stands there, and why that is refused."""


def write(
    file: Path, count: int, category: str, *, seed: int = 248
) -> dict[int, tuple[str, Reason]]:
    """`count` applications of the queue stage `category`, one in a hundred of them faulty. Row of
    the file -> the field that is faulty, and why."""
    random = Random(seed)
    faulty = set(random.sample(range(count), count // 100))
    book = Workbook()
    fields = FIELDS[Kind.APPLICATIONS]
    names = [HEADINGS[Kind.APPLICATIONS][field][0].kk for field in fields]
    sheet = book.sheet("Өтініштер", names)
    expected: dict[int, tuple[str, Reason]] = {}
    for number in range(count):
        row = _application(number, category)
        if number in faulty:
            field, cell, reason = FAULTS[len(expected) % len(FAULTS)]
            row[field] = cell
            expected[number + 2] = field, reason
        sheet.add([row.get(field) for field in fields])
    book.save(file)
    return expected


def _application(number: int, category: str) -> dict[str, Cell]:
    return {
        "registration_number": f"ОДО.2023.{number + 1}",
        "registered_at": START + timedelta(seconds=97 * number),
        "district": DISTRICTS[number % len(DISTRICTS)],
        "category": category,
        "applicant_iin": _iin(number, f"{85 + number % 10}0517", "4"),
        "applicant_name": f"Ахметова Айгүл {number}",
        "applicant_birth_date": "17.05.1990",
        "applicant_phone": f"+7 775 {number // 10_000 % 1000:03d} {number % 10_000:04d}",
        "applicant_address": f"Абай көшесі, {number % 300}",
        "child_iin": _iin(number, "220917", "6"),
        "child_name": f"Ахметова Айару {number}",
        "child_birth_date": datetime(2022, 9, 17),  # noqa: DTZ001 a cell has no zone
        "child_given_name": "Айару",
    }


def _iin(number: int, born: str, century: str) -> str:
    """A valid IIN; several applications may share one, as families do."""
    serial = number % 10_000
    while True:
        digits = f"{born}{century}{serial:04d}"
        check = sum(w * int(d) for w, d in zip(WEIGHTS, digits, strict=True)) % 11
        if check < 10:
            return f"{digits}{check}"
        serial = (serial + 1) % 10_000
