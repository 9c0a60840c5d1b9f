"""Statements of every tap, made ready once and then handed straight to the driver: SQLAlchemy says
them for both databases and knows their types, but to run one by its sessions takes several times as
long as the driver does."""

from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Dialect, Table, bindparam, inspect
from sqlalchemy import insert as insert_into
from sqlalchemy.orm import Mapper
from sqlalchemy.sql.visitors import replacement_traverse

from core.db.base import Base

Processor = Callable[[Any], Any]
Shape = Callable[[Sequence[Any]], Any]
"""Makes of a driver's row what stands there in ours."""


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A statement as one kind of database has it: the text, what goes into it by position, and how
    a row that comes out is read."""

    text: str
    given: tuple[tuple[str, Any, Processor | None], ...]
    row: Shape
    returns: bool

    def positional(self, values: dict[str, Any]) -> list[Any]:
        """The values in the statement's own order. KeyError where one is missing."""
        found = []
        for name, own, processor in self.given:
            value = values[name] if own is REQUIRED else own
            found.append(value if processor is None else processor(value))
        return found


FLOAT8 = 701
"""PostgreSQL's number of the only type of fractions that our columns have; others do not ask."""
REQUIRED = object()
"""In the place of a value that is given each time."""


class Ready:
    """A statement whose values are `bindparam`s. Its rows are named tuples with the names of its
    columns; a record selected as a whole is a named tuple of its columns, or None."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._made: dict[str, Made] = {}

    def of(self, dialect: Dialect) -> Made:
        """As that database has it."""
        made = self._made.get(dialect.name)
        if made is None:
            made = self._made[dialect.name] = self._make(dialect)
        return made

    def _make(self, dialect: Dialect) -> Made:
        statement = replacement_traverse(self._statement, {}, _written)
        compiled = statement.compile(dialect=dialect)
        required = [name for name, bound in compiled.binds.items() if bound.required]
        state = compiled.construct_expanded_state(dict.fromkeys(required))
        given = []
        for name in state.positiontup or ():
            own = REQUIRED if name in required else state.parameters[name]
            processor = compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
            given.append((name, own, processor))
        shape, returns = _row(self._statement, dialect)
        return Made(state.statement, tuple(given), shape, returns)


def _written(element: Any, **_: Any) -> Any:
    """What is always the same stands in the text, and not among what goes into it. SQLite plans a
    statement anew for each value that may decide which of the indexes of some rows it can use:
    that took longer than to carry it out."""
    constant = isinstance(element, BindParameter) and not element.required
    return element.render_literal_execute() if constant else None


def insert(record: type[Base], *names: str) -> Ready:
    """An INSERT of one row, or of many, into these columns."""
    table = table_of(record)
    values = {name: bindparam(name, type_=table.c[name].type, required=True) for name in names}
    return Ready(insert_into(table).values(values).inline())


def table_of(record: type[Base]) -> Table:
    """Of that record."""
    table = record.__table__
    assert isinstance(table, Table)
    return table


def _row(statement: Any, dialect: Dialect) -> tuple[Shape, bool]:
    """How a row of that statement is read: all its values, one after the other; and whether it
    returns any rows."""
    if statement.is_select:
        described, columns = statement.column_descriptions, list(statement.selected_columns)
    else:
        described, columns = statement.returning_column_descriptions, statement.exported_columns
    processors = [_processor(column.type, dialect) for column in columns]
    parts: list[tuple[str, Shape]] = []
    at = 0
    for each in described:
        if isinstance(each["type"], type) and issubclass(each["type"], Base):
            mapper = inspect(each["type"])
            parts.append((each["name"], _record(mapper, at, processors)))
            at += len(mapper.columns)
        else:
            parts.append((each["name"], _value(at, processors[at])))
            at += 1
    kind = namedtuple("Row", [name for name, _ in parts], rename=True)  # type: ignore[misc]
    shapes = [part for _, part in parts]
    return lambda values: kind._make([shape(values) for shape in shapes]), bool(shapes)


def _record(mapper: Mapper[Any], at: int, processors: Sequence[Processor | None]) -> Shape:
    names = [str(column.key) for column in mapper.columns]
    kind = namedtuple(mapper.class_.__name__, names)  # type: ignore[misc]
    end, key = at + len(names), at + names.index(str(mapper.primary_key[0].key))
    own = [(place, p) for place, p in enumerate(processors[at:end]) if p is not None]

    def read(values: Sequence[Any]) -> Any:
        if values[key] is None:
            return None
        found = list(values[at:end])
        for place, processor in own:
            found[place] = processor(found[place])
        return kind._make(found)

    return read


def _value(at: int, processor: Processor | None) -> Shape:
    if processor is None:
        return lambda values: values[at]
    return lambda values: processor(values[at])


def _processor(type_: Any, dialect: Dialect) -> Processor | None:
    found: Processor | None = type_.dialect_impl(dialect).result_processor(dialect, FLOAT8)
    return found
