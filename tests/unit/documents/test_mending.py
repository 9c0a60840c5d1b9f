"""The file of the rows to mend is made beside the answers to people."""

import threading
from collections.abc import AsyncIterator, Sequence
from io import BytesIO

import openpyxl
import pytest

from core.registry.staging import Refused
from core.registry.values import Kind, Problem, Reason
from documents.mending import to_mend
from documents.workbook import Workbook
from tests.integration.registry import rows

PROBLEM = Problem("phone", Reason.NOT_A_PHONE)


async def refused(*batches: int) -> AsyncIterator[Sequence[Refused]]:
    number = 1
    for size in batches:
        yield [Refused(number + n, rows.citizen(number + n), (PROBLEM,)) for n in range(size)]
        number += size


async def test_people_are_answered_while_the_rows_to_mend_are_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    threads: set[int] = set()
    to_bytes = Workbook.to_bytes

    def remark(row: Refused) -> str:
        threads.add(threading.get_ident())
        return f"row {row.number}"

    def saved(book: Workbook) -> bytes:
        threads.add(threading.get_ident())
        return to_bytes(book)

    monkeypatch.setattr(Workbook, "to_bytes", saved)
    data = await to_mend(Kind.CITIZENS, refused(3, 2), remark, "en")
    assert threads
    assert threading.get_ident() not in threads
    [sheet] = openpyxl.load_workbook(BytesIO(data)).worksheets
    remarks = [cell.value for cell in next(sheet.iter_cols(max_col=1))]
    assert remarks == ["Remark", *(f"row {number}" for number in range(1, 6))]
