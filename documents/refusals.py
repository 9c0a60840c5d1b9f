"""Why a file that somebody has sent is not read."""

from enum import StrEnum


class FileProblem(StrEnum):
    """Why a file is not read."""

    TOO_LARGE = "too_large"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    PASSWORD = "password"
    OLD_XLS = "old_xls"
    NOT_A_TABLE = "not_a_table"
    BROKEN = "broken"
    ENCODING = "encoding"
    QUOTATION_MARK = "quotation_mark"
    TOO_MANY_ROWS = "too_many_rows"
    EMPTY = "empty"


class NotATable(Exception):
    """The file cannot be read; nothing of it is kept. `line`: where a quotation mark is wrong."""

    def __init__(self, problem: FileProblem, line: int | None = None) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.line = line
