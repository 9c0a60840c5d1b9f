"""A list as one parameter of a statement: SQLAlchemy writes an IN of five hundred values, each with
a parameter of its own, for longer than the database takes to carry it out."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, Dialect, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class Among(FunctionElement[Any]):
    """A column, and the list in which its value must be. Made by `among` and `among_given`. It is
    no Boolean: SQLAlchemy would ask SQLite whether it is 1, for which no index is found."""

    inherit_cache = True


@compiles(Among, "postgresql")
def _array(element: Among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({values})"


@compiles(Among, "sqlite")
def _json(element: Among, compiler: Any, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"


class ListParameter(TypeDecorator[Collection[Any]]):
    """PostgreSQL's array; SQLite has none, and reads JSON."""

    impl = Text
    cache_ok = True

    def __init__(self, item: type[TypeEngine[Any]]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Text() if dialect.name == "sqlite" else ARRAY(self.item)

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        assert value is not None
        return json.dumps(list(value)) if dialect.name == "sqlite" else list(value)


def among(column: Any, values: Collection[Any]) -> Among:
    """Whether the column's value (a number or a text) is one of these."""
    return Among(column, bindparam(None, values, type_=ListParameter(type(column.type))))


def among_given(column: Any, name: str) -> Among:
    """The same for what the statement is given under `name`."""
    return Among(column, bindparam(name, type_=ListParameter(type(column.type))))
